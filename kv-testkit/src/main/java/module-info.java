import org.jspecify.annotations.NullMarked;

/** For tests of key-value engines: what each of them keeps to. */
@NullMarked
module dev.weft.kv.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.weft.kv;
    requires transitive net.jqwik.api;
    requires transitive org.junit.jupiter.api;

    exports dev.weft.kv.testkit;
}
