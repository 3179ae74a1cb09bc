import org.jspecify.annotations.NullMarked;

/**
 * The metadata service: names, directories and file attributes on a key-value store. {@code schema} is what is stored,
 * {@code operations} has one file for each operation, and this module's root package puts them together with the
 * background collector and the way to storage.
 */
@NullMarked
module dev.weft.meta {
    requires static transitive org.jspecify;
    requires transitive dev.weft.api;
    requires transitive dev.weft.kv;

    exports dev.weft.meta;
}
