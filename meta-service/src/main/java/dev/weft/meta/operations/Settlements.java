package dev.weft.meta.operations;

import dev.weft.meta.operations.Settlement.Outcome;
import dev.weft.meta.operations.Settlement.Wanted;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The settlements that one server has at hand. One transaction at a time settles a file, for all who wait for that by then;
 * so many writers of one file conflict with those at other servers only, not with each other.
 *
 * <p>Where several servers settle one file all the time, one that lost would go on losing: the others are through with the
 * next transaction before it is with its own. So a server that has met another one leaves the file alone for some times
 * as long as a transaction takes; who waits meanwhile is settled with the next. Thread-safe.
 */
public final class Settlements {
    /** Settled by one transaction. */
    private static final int TOGETHER_MAX = 256;

    /** So much longer than the transaction a server rests, at least and at most: three that do are alone half of the time. */
    private static final int REST_MIN = 2;

    private static final int REST_MAX = 6;
    private static final Duration REST_LONGEST = Duration.ofMillis(50);

    /** More are looked through for those that nobody waits in. */
    private static final int LINES_KEPT = 1000;

    /** Those who wait for one file. */
    private static final class Line {
        /** Held by who settles for all. */
        final ReentrantLock turn = new ReentrantLock();

        /** When the file may be settled next. */
        volatile long restsUntil;

        /** Guarded by the map's lock on the file's key, as are the items. */
        int users;

        final Deque<Item> items = new ArrayDeque<>();

        Line(long now) {
            restsUntil = now;
        }

        boolean isOver(long now) {
            return users == 0 && restsUntil - now <= 0;
        }
    }

    /** One who waits. Written under the turn of its line. */
    private static final class Item {
        final Wanted wanted;

        @Nullable
        Outcome outcome;

        @Nullable
        RpcException failure;

        Item(Wanted wanted) {
            this.wanted = wanted;
        }

        boolean isOver() {
            return outcome != null || failure != null;
        }
    }

    private final Map<Long, Line> lines = new ConcurrentHashMap<>();

    /** @throws RpcException as the store has it */
    Outcome settle(Workplace workplace, Wanted wanted) throws InterruptedException {
        Item item = new Item(wanted);
        Line line = enter(item, workplace.clock().nanoTime());
        try {
            line.turn.lockInterruptibly();
            try {
                while (!item.isOver()) {
                    rest(line, workplace.clock());
                    settleAll(workplace, wanted.inodeId(), line);
                }
            } finally {
                line.turn.unlock();
            }
        } finally {
            leave(item, workplace.clock().nanoTime());
        }
        if (item.failure != null) {
            throw item.failure;
        }
        Outcome outcome = item.outcome;
        if (outcome == null) {
            throw new IllegalStateException("settled without an outcome: " + wanted);
        }
        return outcome;
    }

    private static void rest(Line line, Clock clock) throws InterruptedException {
        long left = line.restsUntil - clock.nanoTime();
        if (left > 0) {
            clock.sleep(Duration.ofNanos(left));
        }
    }

    private Line enter(Item item, long now) {
        if (lines.size() > LINES_KEPT) {
            lines.keySet().forEach(file -> lines.computeIfPresent(file, (_, line) -> line.isOver(now) ? null : line));
        }
        return lines.compute(item.wanted.inodeId(), (_, known) -> {
            Line line = known == null ? new Line(now) : known;
            line.users++;
            line.items.add(item);
            return line;
        });
    }

    private void leave(Item item, long now) {
        lines.computeIfPresent(item.wanted.inodeId(), (_, line) -> {
            line.users--;
            line.items.remove(item);
            return line.isOver(now) ? null : line;
        });
    }

    /** Settles for those who are first in line; if it is interrupted, they stay there. */
    private void settleAll(Workplace workplace, long inodeId, Line line) throws InterruptedException {
        List<Item> together = new ArrayList<>();
        lines.computeIfPresent(inodeId, (_, _) -> {
            line.items.stream().limit(TOGETHER_MAX).forEach(together::add);
            return line;
        });
        List<Long> tries = new ArrayList<>();
        List<Wanted> wanted = together.stream().map(item -> item.wanted).toList();
        try {
            List<Outcome> outcomes = workplace.store().run(tx -> {
                tries.add(workplace.clock().nanoTime());
                return FileSettling.settleAll(tx, inodeId, wanted, workplace.now());
            });
            for (int i = 0; i < outcomes.size(); i++) {
                together.get(i).outcome = outcomes.get(i);
            }
        } catch (RpcException e) {
            together.forEach(item -> item.failure = e);
        }
        lines.computeIfPresent(inodeId, (_, _) -> {
            line.items.removeAll(together);
            return line;
        });
        if (tries.size() > 1) {
            long now = workplace.clock().nanoTime();
            long took = Math.min(now - tries.getLast(), REST_LONGEST.toNanos() / REST_MAX);
            line.restsUntil = now + workplace.environment().random().nextLong(REST_MIN * took, REST_MAX * took + 1);
        }
    }
}
