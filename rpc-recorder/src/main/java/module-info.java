import org.jspecify.annotations.NullMarked;

/**
 * A flight recorder: writes when each call reached each stage to files of a Chronicle Queue, and reads them back. Chronicle Queue
 * is on the class path, as it cannot be on the module path.
 */
@NullMarked
module dev.weft.rpc.recorder {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;

    exports dev.weft.rpc.recorder;
}
