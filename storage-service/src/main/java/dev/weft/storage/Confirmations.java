package dev.weft.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ConfirmRequest;
import dev.weft.api.storage.ForwardRequest;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Clock;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What predecessors have forwarded ahead, before it was durable with them, and whether they have said since that it is.
 *
 * <p>A version that is not confirmed is neither shown nor committed, however durable it is here: nobody could tell it from
 * one that its writer gave up. It stays in that state when its predecessor fails, until another change replaces it, or we
 * have become the head and finish it.
 */
final class Confirmations {
    /** A word may overtake the change that it is about. Those that are never met by one are forgotten, oldest first. */
    private static final int EARLY_MAX = 4096;

    /** How often the chain is looked at: a predecessor that leaves it says nothing more. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Targets targets;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<ChunkKey, Ahead> open = new HashMap<>();

    @GuardedBy("lock")
    private final Set<Word> early = new LinkedHashSet<>();

    Confirmations(Targets targets, Clock clock) {
        this.targets = targets;
        this.clock = clock;
    }

    /** What a confirmation and the forward that it is about have in common. */
    private record Word(ChainRef chain, ChunkKey key, WriteTag tag, long version) {}

    /** A change that waits for its confirmation. */
    static final class Ahead {
        private final Word word;
        private final Thread waiter = Thread.currentThread();
        private volatile boolean confirmed;

        private Ahead(Word word) {
            this.word = word;
        }

        private boolean is(ChunkVersion pending) {
            return word.version == pending.number() && WriteTags.id(word.tag).equals(pending.writer());
        }
    }

    /**
     * Notes a change that is about to be applied; null if nobody has to confirm it. For the thread that applies it, which
     * holds the lock on the chunk.
     *
     * @param pending what is pending here
     */
    @Nullable
    Ahead begin(ChunkKey key, ForwardRequest request, Optional<ChunkVersion> pending) {
        if (!request.ahead() || isConfirmed(key, request, pending)) {
            return null;
        }
        Ahead ahead = new Ahead(
                new Word(request.update().chain(), key, request.update().tag(), request.version()));
        lock.lock();
        try {
            ahead.confirmed = early.remove(ahead.word);
            open.put(key, ahead);
        } finally {
            lock.unlock();
        }
        return ahead;
    }

    /** A predecessor's word. Does not block. */
    void confirm(ConfirmRequest request) {
        ChunkKey key = new ChunkKey(
                request.targetId(), request.chunk().inodeId(), request.chunk().index());
        Word word = new Word(request.chain(), key, request.tag(), request.version());
        lock.lock();
        try {
            Ahead ahead = open.get(key);
            if (ahead == null || !ahead.word.equals(word)) {
                keep(word);
                return;
            }
            ahead.confirmed = true;
            LockSupport.unpark(ahead.waiter);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void keep(Word word) {
        if (early.size() == EARLY_MAX) {
            Iterator<Word> oldest = early.iterator();
            oldest.next();
            oldest.remove();
        }
        early.add(word);
    }

    /**
     * Returns when the change is confirmed.
     *
     * @throws StorageException if the chain has changed meanwhile, or nothing comes
     */
    void await(Ahead ahead) throws StorageException, InterruptedException {
        // A copy that came late, after its sender gave up, would wait for ever, and hold the chunk.
        long deadline = clock.nanoTime() + Forwarder.ATTEMPT.toNanos();
        while (!ahead.confirmed) {
            if (deadline - clock.nanoTime() <= 0) {
                throw Faults.of(Kind.IN_PROGRESS, "nobody has confirmed " + ahead.word);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            clock.parkUntil(this, clock.nanoTime() + LOOK.toNanos());
            targets.writable(ahead.word.chain, ahead.word.key.target());
        }
    }

    /** A copy of a change that comes after the word about it does not take back what readers may have been shown. */
    private boolean isConfirmed(ChunkKey key, ForwardRequest request, Optional<ChunkVersion> pending) {
        return pending.filter(version -> version.number() == request.version()
                        && version.writer().equals(WriteTags.id(request.update().tag()))
                        && !isAwaited(key, version))
                .isPresent();
    }

    /** Whether what is pending waits for a predecessor's word. */
    boolean isAwaited(ChunkKey key, ChunkVersion pending) {
        lock.lock();
        try {
            Ahead ahead = open.get(key);
            return ahead != null && !(ahead.confirmed && ahead.is(pending));
        } finally {
            lock.unlock();
        }
    }

    /** What is pending, if anything, is as durable with our predecessors as here, or there are none. */
    void settle(ChunkKey key) {
        lock.lock();
        try {
            open.remove(key);
        } finally {
            lock.unlock();
        }
    }
}
