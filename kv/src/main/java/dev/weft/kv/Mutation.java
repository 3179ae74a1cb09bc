package dev.weft.kv;

/** What a transaction does to one key. */
sealed interface Mutation {
    record Put(Bytes value) implements Mutation {}

    record Remove() implements Mutation {}

    record Add(long delta) implements Mutation {}
}
