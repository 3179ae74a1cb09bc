import org.jspecify.annotations.NullMarked;

/** For tests of transports and services: a contract, an in-memory transport, a clock to turn and a simulated world. */
@NullMarked
module dev.weft.rpc.testkit {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;
    requires transitive org.junit.jupiter.api;

    exports dev.weft.rpc.testkit;
}
