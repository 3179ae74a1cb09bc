package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Two windows facing each other, with devices between them that take their time. */
final class FlowControlProperties {
    private static final int MESSAGE = 1;
    private static final int ALONE = 2;

    /** What is on its way: what it is, and the receipts that it carries. */
    private record Packet(int type, int receipts) {}

    /** One end as a queue pair drives it: its windows, and what its device has. */
    private static final class End {
        final int capacity;
        final SendWindow sends;
        final ReceiveWindow receives;
        final int acknowledgementsMax;
        final boolean[] inUse;

        /** Packets that have left and not arrived, and those that arrived and were not polled. */
        final ArrayDeque<Packet> leaving = new ArrayDeque<>();

        final ArrayDeque<Packet> arrived = new ArrayDeque<>();

        /** For each packet that arrived at the peer: its number, 0 for an acknowledgement. Not reported yet. */
        final ArrayDeque<Long> unreported = new ArrayDeque<>();

        final ArrayDeque<Long> unarrived = new ArrayDeque<>();
        int posted;
        long acknowledgementsUnderWay;
        long reported;
        long told;
        long freed;
        long consumed;

        End(int capacity) {
            this.capacity = capacity;
            this.sends = new SendWindow(capacity);
            this.receives = new ReceiveWindow(ReceiveWindow.batchFor(capacity));
            this.posted = ReceiveWindow.receives(capacity);
            this.acknowledgementsMax = posted - capacity + 4;
            this.inUse = new boolean[capacity];
        }

        boolean send() {
            if (sends.free() == 0) {
                return false;
            }
            int place = sends.take();
            assertFalse(inUse[place], "buffer " + place + " is posted twice");
            inUse[place] = true;
            leave(new Packet(MESSAGE, receives.acknowledge()), sends.sent());
            return true;
        }

        private void leave(Packet packet, long number) {
            leaving.add(packet);
            unarrived.add(number);
        }

        /** The device reports what the peer's has. */
        boolean report(int count) {
            boolean any = false;
            for (int i = 0; i < count && !unreported.isEmpty(); i++) {
                any = true;
                long number = unreported.remove();
                if (number == 0) {
                    acknowledgementsUnderWay--;
                } else if (number % Math.max(1, capacity / 4) == 0) { // others are not signalled
                    sends.complete((int) number);
                    reported = number;
                }
            }
            free();
            return any;
        }

        /** What the poller does with what has come. */
        boolean poll(int count, End peer) {
            int polled = 0;
            while (polled < count && !arrived.isEmpty()) {
                Packet packet = arrived.remove();
                polled++;
                assertTrue(sends.acknowledge(packet.receipts), "more receipts than messages");
                told = peer.consumedUpTo(packet.receipts, told);
                if (packet.type == MESSAGE) {
                    receives.receive();
                    consumed++;
                }
            }
            posted += polled;
            if (receives.isDue() && acknowledgementsUnderWay < acknowledgementsMax) {
                acknowledgementsUnderWay++;
                leave(new Packet(ALONE, receives.acknowledge()), 0);
            }
            free();
            return polled > 0;
        }

        private long consumedUpTo(int receipts, long before) {
            long now = before + (receipts - before & ReceiveWindow.LOW_24);
            assertTrue(now <= consumed, "receipts for what was not received");
            return now;
        }

        private void free() {
            for (; freed < Math.min(reported, told); freed++) {
                inUse[(int) (freed % capacity)] = false;
            }
            assertEquals(capacity - (sends.sent() - freed), sends.free(), "credits");
        }
    }

    /** The packets of one end arrive at the other. */
    private static boolean arrive(End from, End to, int count) {
        boolean any = false;
        for (int i = 0; i < count && !from.leaving.isEmpty(); i++) {
            any = true;
            assertTrue(to.posted > 0, "the receiver is not ready");
            to.posted--;
            to.arrived.add(from.leaving.remove());
            from.unreported.add(from.unarrived.remove());
        }
        return any;
    }

    private static boolean act(End one, End other, int what, int count) {
        return switch (what) {
            case 0 -> one.send();
            case 1 -> arrive(one, other, count);
            case 2 -> one.poll(count, other);
            default -> one.report(count);
        };
    }

    @Property
    void receiverIsAlwaysReadyAndNobodyWaitsForEver(
            @ForAll @IntRange(min = 8, max = 40) int capacity,
            @ForAll @Size(max = 400) List<@IntRange(max = 1023) Integer> steps) {
        End[] ends = {new End(capacity), new End(capacity)};
        for (int step : steps) {
            int side = step & 1;
            act(ends[side], ends[1 - side], step >> 1 & 3, 1 + (step >> 3) % capacity);
        }
        // From wherever that led: both have much to send, and the devices go on.
        long wanted = steps.size() + 4L * capacity;
        boolean progress = true;
        while (progress) {
            progress = false;
            for (int side = 0; side < 2; side++) {
                for (int what = 0; what < 4; what++) {
                    boolean done = what == 0 && ends[side].sends.sent() >= wanted;
                    progress |= !done && act(ends[side], ends[1 - side], what, capacity);
                }
            }
        }
        for (int side = 0; side < 2; side++) {
            assertEquals(wanted, ends[side].sends.sent(), "an end waits for ever");
            assertEquals(wanted, ends[1 - side].consumed);
            assertEquals(ReceiveWindow.receives(capacity), ends[side].posted);
        }
    }

    /** One end only talks, so that the other has only acknowledgements to answer with. */
    @Property
    void oneWayTrafficGoesOn(
            @ForAll @IntRange(min = 8, max = 40) int capacity, @ForAll @IntRange(min = 1, max = 50) int count) {
        End talker = new End(capacity);
        End listener = new End(capacity);
        for (int i = 0; i < 20 * capacity; i++) {
            for (int n = 0; n < count && talker.send(); n++) {
                assertTrue(talker.sends.free() >= 0);
            }
            arrive(talker, listener, count);
            listener.poll(count, talker);
            arrive(listener, talker, count);
            talker.poll(count, listener);
            talker.report(count);
            listener.report(count);
        }
        assertTrue(listener.consumed >= 4L * capacity, listener.consumed + " came");
    }

    @Example
    void countsOnBeyondWhatAWordHolds() {
        End talker = new End(8);
        End listener = new End(8);
        for (int i = 0; i < (1 << 24) + 100; i++) {
            assertTrue(talker.send());
            arrive(talker, listener, 1);
            listener.poll(1, talker);
            arrive(listener, talker, 8);
            talker.poll(8, listener);
            talker.report(8);
            listener.report(8);
        }
        assertEquals((1 << 24) + 100, listener.consumed);
    }

    @Property
    void peerCannotAcknowledgeWhatWasNotSent(
            @ForAll @IntRange(min = 0, max = 8) int sent, @ForAll @IntRange(min = 0, max = 0xFF_FFFF) int claimed) {
        SendWindow window = new SendWindow(8);
        for (int i = 0; i < sent; i++) {
            window.take();
        }
        assertEquals(claimed <= sent, window.acknowledge(claimed));
        assertTrue(window.acknowledged() <= sent);
    }
}
