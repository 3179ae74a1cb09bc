package dev.weft.storage.engine;

/** The engine when its disk reads by FileChannel. */
final class ChannelChunkEngineTest extends ChunkEngineContract {
    @Override
    FileDisk.Reading reading() {
        return FileDisk.Reading.CHANNEL;
    }
}
