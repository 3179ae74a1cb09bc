package dev.weft.kv;

/** A key with its value. */
public record KeyValue(Bytes key, Bytes value) {}
