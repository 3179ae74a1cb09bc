package dev.weft.storage.engine;

import java.lang.foreign.MemorySegment;

/**
 * A part of a version to be read.
 *
 * @param reader holds the version; of the engine that is asked, and open until the read has ended
 * @param offset within the version
 * @param into takes the bytes; memory that any thread may use. At a multiple of {@link Disk#BLOCK_BYTES} it spares a copy
 *     where the offset is one too
 */
public record PartRead(ChunkReader reader, int offset, MemorySegment into) {}
