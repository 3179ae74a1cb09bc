import org.jspecify.annotations.NullMarked;

/**
 * The key-value store on three machines or more, by Apache Ratis. Its jars share packages, so that they work on the class path
 * only; a run on the module path needs {@code --add-reads dev.weft.kv.ratis=ALL-UNNAMED}.
 */
@NullMarked
module dev.weft.kv.ratis {
    requires static transitive org.jspecify;
    requires transitive dev.weft.kv;
    requires rocksdbjni;

    exports dev.weft.kv.ratis;
}
