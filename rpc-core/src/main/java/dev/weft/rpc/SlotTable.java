package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls in flight on one connection, by slot number: an array that grows by chunks, so that an idle connection costs
 * nothing and a look-up neither hashes nor allocates. Thread-safe.
 */
final class SlotTable<T> {
    /** Big enough that a busy connection stays in one chunk, small enough for a connection with one call. */
    private static final int CHUNK_SLOTS = 256;

    private final ReentrantLock growLock = new ReentrantLock();
    private final int limit;

    /** Replaced, never changed, when it grows; its chunks are. */
    @GuardedBy("growLock")
    private volatile AtomicReferenceArray<T>[] chunks = newDirectory(0);

    /** @param limit slot numbers are below it */
    SlotTable(int limit) {
        this.limit = limit;
    }

    /** Puts {@code value} into an empty slot; false if the slot is taken. */
    boolean put(int slot, T value) {
        return chunkFor(slot).compareAndSet(slot % CHUNK_SLOTS, null, value);
    }

    @SuppressWarnings("GuardedBy") // reads the volatile directory
    @Nullable
    T get(int slot) {
        AtomicReferenceArray<T>[] directory = chunks;
        int chunk = slot / CHUNK_SLOTS;
        return slot >= 0 && chunk < directory.length ? directory[chunk].get(slot % CHUNK_SLOTS) : null;
    }

    /** Empties the slot if it holds {@code value}; false if it does not. */
    boolean remove(int slot, T value) {
        return chunkFor(slot).compareAndSet(slot % CHUNK_SLOTS, value, null);
    }

    /** Visits everything that is there throughout; what comes or goes meanwhile may be visited or not. */
    @SuppressWarnings("GuardedBy") // reads the volatile directory
    void forEach(Consumer<T> action) {
        for (AtomicReferenceArray<T> chunk : chunks) {
            for (int i = 0; i < CHUNK_SLOTS; i++) {
                T value = chunk.get(i);
                if (value != null) {
                    action.accept(value);
                }
            }
        }
    }

    @SuppressWarnings("GuardedBy") // reads the volatile directory
    private AtomicReferenceArray<T> chunkFor(int slot) {
        if (slot < 0 || slot >= limit) {
            throw new IndexOutOfBoundsException("slot " + slot + " is not below " + limit);
        }
        AtomicReferenceArray<T>[] directory = chunks;
        int chunk = slot / CHUNK_SLOTS;
        return chunk < directory.length ? directory[chunk] : grow(chunk);
    }

    private AtomicReferenceArray<T> grow(int chunk) {
        growLock.lock();
        try {
            AtomicReferenceArray<T>[] directory = chunks;
            if (chunk >= directory.length) {
                AtomicReferenceArray<T>[] larger = newDirectory(chunk + 1);
                System.arraycopy(directory, 0, larger, 0, directory.length);
                for (int i = directory.length; i < larger.length; i++) {
                    larger[i] = new AtomicReferenceArray<>(CHUNK_SLOTS);
                }
                directory = larger;
                chunks = larger;
            }
            return directory[chunk];
        } finally {
            growLock.unlock();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // generic array creation
    private static <T> AtomicReferenceArray<T>[] newDirectory(int size) {
        return new AtomicReferenceArray[size];
    }
}
