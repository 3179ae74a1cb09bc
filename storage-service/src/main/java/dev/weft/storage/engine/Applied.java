package dev.weft.storage.engine;

/** The last change of one channel of one client that was committed on a target, and the version it made. */
public record Applied(long target, WriteId writer, long number, int length, int checksum) {}
