package dev.weft.storage.engine;

/** The engine when its disk reads by io_uring, where it works. */
final class RingChunkEngineTest extends ChunkEngineContract {
    @Override
    FileDisk.Reading reading() {
        return FileDisk.Reading.BEST;
    }
}
