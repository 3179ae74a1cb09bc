import org.jspecify.annotations.NullMarked;

/** A service, a server and a client in one small program. */
@NullMarked
module dev.weft.examples.greeter {
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;

    exports dev.weft.examples.greeter;
}
