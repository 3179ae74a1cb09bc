package dev.weft.storage;

import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.member.LiveClients;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.storage.engine.ChunkEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Forgets what clients have written last, once nobody can ask for it any more; on a thread of its own.
 *
 * <p>A client that has no session, because it has ended or never stayed for long, is forgotten after {@link #KEPT}; one that
 * has a session after {@link #KEPT_IN_SESSION} of silence. Both are longer than {@link WriteDecision#AGE_MAX}, after which
 * a change that is not known is refused: so none is made twice.
 */
final class TagUpkeep implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TagUpkeep.class.getName());
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** The minute is for the time that a request may be on its way, and for clocks that differ in speed. */
    static final Duration KEPT = WriteDecision.AGE_MAX.plusMinutes(1);

    static final Duration KEPT_IN_SESSION = Duration.ofHours(1);

    private final List<Long> targets;
    private final ChunkEngine engine;
    private final LiveClients clients;
    private final Environment environment;
    private final Counters counters;
    private final Rounds rounds;

    /** What was known when, the oldest first; as far back as is needed. Used by the thread only. */
    private final Deque<Mark> marks = new ArrayDeque<>();

    private record Mark(long nanos, long number) {}

    TagUpkeep(List<Long> targets, ChunkEngine engine, LiveClients clients, Environment environment, Counters counters) {
        this.targets = targets;
        this.engine = engine;
        this.clients = clients;
        this.environment = environment;
        this.counters = counters;
        this.rounds = new Rounds(environment, PAUSE, this::round);
    }

    void start() {
        rounds.start();
    }

    /** What is done each minute, on the thread; visible to tests. */
    void round() {
        try {
            long now = environment.clock().nanoTime();
            marks.addLast(new Mark(now, engine.appliedMark()));
            Mark old = newestBefore(now - KEPT.toNanos());
            if (old != null) {
                forgetWithoutSession(old);
            }
            Mark older = newestBefore(now - KEPT_IN_SESSION.toNanos());
            if (older != null) {
                forget(older, _ -> true);
                marks.removeIf(mark -> mark.nanos < older.nanos);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the disk does not forget now", e);
        }
    }

    private @Nullable Mark newestBefore(long nanos) {
        Mark found = null;
        for (Mark mark : marks) {
            if (mark.nanos - nanos <= 0) {
                found = mark;
            }
        }
        return found;
    }

    private void forgetWithoutSession(Mark mark) throws IOException {
        try {
            Set<UUID> live = clients.clients();
            forget(mark, client -> !live.contains(client));
        } catch (NotPrimaryException | RpcException e) {
            LOG.log(System.Logger.Level.DEBUG, "which clients there are is not known now", e);
        }
    }

    private void forget(Mark mark, Predicate<UUID> client) throws IOException {
        for (long target : targets) {
            int before = engine.appliedCount(target);
            engine.forgetApplied(target, mark.number, client);
            counters.add(Event.TAG_FORGOTTEN, Math.max(0, before - engine.appliedCount(target)));
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
