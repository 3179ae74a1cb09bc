package dev.weft.kv.engine;

import dev.weft.kv.Bytes;

/** What a transaction does to one key. */
public sealed interface Mutation {
    record Put(Bytes value) implements Mutation {}

    record Remove() implements Mutation {}

    record Add(long delta) implements Mutation {}
}
