import org.jspecify.annotations.NullMarked;

/** Small complete services to copy from: what a user of the framework writes, and nothing else. */
@NullMarked
module dev.weft.examples {
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;

    exports dev.weft.examples.greeter;
}
