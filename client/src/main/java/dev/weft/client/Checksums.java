package dev.weft.client;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** CRC32C, made when bytes leave the program and verified when they come back. */
final class Checksums {
    private Checksums() {}

    static int of(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.asByteBuffer());
        return (int) crc.getValue();
    }
}
