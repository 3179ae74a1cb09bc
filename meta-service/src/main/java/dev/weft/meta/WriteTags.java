package dev.weft.meta;

import dev.weft.api.storage.WriteTag;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.random.RandomGenerator;

/**
 * The tags of this server's writes. A tag is in use by one write at a time; given back, it makes way for the next
 * sequence of its channel. Taking one waits while all are in use. Thread-safe.
 */
final class WriteTags {
    private static final int CHANNELS = 64;

    /** The last tag of each channel that is free. */
    private final BlockingQueue<WriteTag> free = new ArrayBlockingQueue<>(CHANNELS);

    WriteTags(RandomGenerator random) {
        UUID client = new UUID(random.nextLong(), random.nextLong());
        for (int channel = 0; channel < CHANNELS; channel++) {
            free.add(new WriteTag(client, channel, 0));
        }
    }

    WriteTag take() throws InterruptedException {
        WriteTag last = free.take();
        return new WriteTag(last.client(), last.channel(), last.sequence() + 1);
    }

    void giveBack(WriteTag tag) {
        free.add(tag);
    }
}
