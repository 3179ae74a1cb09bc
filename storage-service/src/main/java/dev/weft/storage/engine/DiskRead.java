package dev.weft.storage.engine;

import java.lang.foreign.MemorySegment;

/** One read of many: fills {@code into} from {@code position} of a file of the disk that is asked. */
public record DiskRead(DiskFile file, long position, MemorySegment into) {}
