package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.rdma.InboundPermits.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Whoever asks, ends and gives up in whatever order: the limit holds, nothing is lost, everyone has his turn. */
final class InboundPermitsProperties {
    private static final int LIMIT = 100;

    private static final class Wish {
        final long bytes;
        final boolean endsAtOnce;

        @Nullable
        Ticket ticket;

        int grants;
        boolean ended;

        Wish(long bytes, boolean endsAtOnce) {
            this.bytes = bytes;
            this.endsAtOnce = endsAtOnce;
        }

        boolean isUnderWay() {
            return grants > 0 && !ended;
        }

        boolean isWaiting() {
            return grants == 0 && !ended;
        }
    }

    @Property
    void limitHoldsAndEveryoneIsServedInOrder(@ForAll @Size(max = 100) List<@IntRange(max = 999) Integer> steps) {
        Port port = new Port();
        for (int step : steps) {
            if (step % 2 == 0 || port.wishes.isEmpty()) {
                port.ask(step / 4, step % 4 == 2);
            } else {
                port.end(port.wishes.get(step / 2 % port.wishes.size()));
            }
            port.check();
        }
        for (Wish wish : port.wishes) {
            boolean gaveUp = wish.ended && wish.grants == 0;
            assertTrue(gaveUp || wish.grants == 1, "the first is always served, and so is each after it");
            port.end(wish);
            port.check();
        }
        Wish last = port.ask(LIMIT, false);
        assertTrue(last.isUnderWay(), "everything was given back");
    }

    /** What the permits are for, and everyone who has asked. */
    private static final class Port {
        final InboundPermits permits = new InboundPermits(LIMIT);
        final List<Wish> wishes = new ArrayList<>();

        Wish ask(long bytes, boolean endsAtOnce) {
            Wish wish = new Wish(bytes, endsAtOnce);
            wishes.add(wish);
            wish.ticket = permits.ask(bytes, () -> granted(wish));
            if (wish.endsAtOnce && wish.grants > 0) {
                end(wish);
            }
            return wish;
        }

        private void granted(Wish wish) {
            assertFalse(wish.ended, "granted after it was given up");
            wish.grants++;
            // Some have nothing left to do by the time that it is their turn.
            if (wish.endsAtOnce && wish.ticket != null) {
                end(wish);
            }
        }

        void end(Wish wish) {
            Ticket ticket = wish.ticket;
            if (ticket != null) {
                wish.ended = true;
                permits.end(ticket);
            }
        }

        void check() {
            long inUse = underWay().sum();
            assertTrue(
                    inUse <= LIMIT || underWay().max().orElseThrow() == inUse, inUse + " under way, and not one alone");
            wishes.stream().filter(Wish::isWaiting).findFirst().ifPresent(first -> {
                assertTrue(inUse > 0 && first.bytes > LIMIT - inUse, "waits although there is room");
                int place = wishes.indexOf(first);
                assertEquals(
                        0,
                        wishes.stream().skip(place).filter(Wish::isUnderWay).count(),
                        "one that asked later was served before");
            });
        }

        private LongStream underWay() {
            return wishes.stream().filter(Wish::isUnderWay).mapToLong(wish -> wish.bytes);
        }
    }
}
