package dev.weft.client;

import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicLong;

/** Tags for writes: one write at a time in each lane, with growing sequence, so that servers know a retry. */
final class Lanes {
    /** Writes of a process that are in progress at a time; servers remember one answer for each lane. */
    private static final int COUNT = 64;

    private final UUID client;
    private final AtomicLong sequence = new AtomicLong();

    /** The last one used is the next: servers remember as many as there are writes at a time, not all. */
    private final BlockingDeque<Integer> free = new LinkedBlockingDeque<>(COUNT);

    Lanes(Environment environment) {
        this(uuid(environment));
    }

    /** @param client whose session it is, if it has one */
    Lanes(UUID client) {
        this.client = client;
        for (int lane = 0; lane < COUNT; lane++) {
            free.add(lane);
        }
    }

    UUID client() {
        return client;
    }

    /** Waits for a lane and takes it. */
    WriteTag acquire() throws InterruptedException {
        return new WriteTag(client, free.takeFirst(), sequence.incrementAndGet());
    }

    /** Waits for a lane, and takes up to {@code max} that are free by then: whoever waited for more could wait forever. */
    List<WriteTag> acquire(int max) throws InterruptedException {
        List<WriteTag> tags = new ArrayList<>(max);
        tags.add(acquire());
        while (tags.size() < max) {
            Integer lane = free.poll();
            if (lane == null) {
                break;
            }
            tags.add(new WriteTag(client, lane, sequence.incrementAndGet()));
        }
        return tags;
    }

    void release(WriteTag tag) {
        free.addFirst(tag.channel());
    }

    static UUID uuid(Environment environment) {
        return new UUID(environment.random().nextLong(), environment.random().nextLong());
    }
}
