import org.jspecify.annotations.NullMarked;

/** Client of Weft FS: files on striped, replicated chunks. */
@NullMarked
module dev.weft.client {
    requires static transitive org.jspecify;
    requires transitive dev.weft.api;

    exports dev.weft.client;
}
