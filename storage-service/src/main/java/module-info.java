import org.jspecify.annotations.NullMarked;

/** Storage service: chunks on disk, replicated along chains of targets. */
@NullMarked
module dev.weft.storage {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.weft.api;
    requires rocksdbjni;

    exports dev.weft.storage;
    exports dev.weft.storage.engine;
}
