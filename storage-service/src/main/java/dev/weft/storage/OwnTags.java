package dev.weft.storage;

import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Environment;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Tags for the changes that a storage service makes of its own accord; as many at a time as there are lanes. */
final class OwnTags {
    private static final int LANES = 32;

    private final UUID client;
    private final AtomicLong sequence = new AtomicLong();
    private final BlockingQueue<Integer> free = new ArrayBlockingQueue<>(LANES);

    OwnTags(Environment environment) {
        this.client =
                new UUID(environment.random().nextLong(), environment.random().nextLong());
        for (int lane = 0; lane < LANES; lane++) {
            free.add(lane);
        }
    }

    /** A tag; its lane is taken until {@link #release}. */
    WriteTag acquire() throws InterruptedException {
        return new WriteTag(client, free.take(), sequence.incrementAndGet());
    }

    void release(WriteTag tag) {
        free.add(tag.channel());
    }
}
