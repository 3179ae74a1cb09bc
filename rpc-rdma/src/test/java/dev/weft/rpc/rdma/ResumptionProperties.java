package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Two ends, rails whose queue pairs end at any moment, and news of that by either way: each message arrives once. */
final class ResumptionProperties {
    private static final int RAILS = 3;

    /** One end of a connection. */
    private static final class End {
        final ArrayDeque<byte[]> queue = new ArrayDeque<>();
        final Resumption resumption = new Resumption(queue::addAll, queue::add);
        final Rail[] rails = new Rail[RAILS];
        final Map<Long, Integer> received = new HashMap<>();
        long messages;

        @SuppressWarnings("NullAway") // the rails are only names here
        End() {
            for (int i = 0; i < RAILS; i++) {
                rails[i] = new Rail(null, i);
            }
        }

        void newMessage() {
            queue.add(ByteBuffer.allocate(8).putLong(messages++).array());
        }

        void receive(byte[] buffer) throws BadFrameException {
            if (buffer.length == 8) {
                received.merge(ByteBuffer.wrap(buffer).getLong(), 1, Integer::sum);
                return;
            }
            ByteBuffer body = ControlFrame.body(buffer, 0, MessageHeader.bodyBytes(buffer, 0));
            ControlFrame.RailEnd end = ControlFrame.readRailEnded(MessageHeader.id(buffer, 0), body);
            resumption.peerEnded(rails[end.rail()], end.epoch(), end.received());
        }
    }

    /** One direction of a queue pair. */
    private static final class Lane {
        final List<byte[]> sent = new ArrayList<>();
        int arrived;
        int acknowledged;
        boolean closed;
        boolean buried;
    }

    @Property(tries = 2000)
    void eachMessageArrivesOnce(@ForAll @Size(max = 300) List<@IntRange(max = 9999) Integer> steps)
            throws BadFrameException {
        Connection connection = new Connection();
        for (int step : steps) {
            connection.act(step % 10, step / 10 % RAILS, step / 100 % 2, step / 1000);
        }
        connection.settle();
        for (int side = 0; side < 2; side++) {
            long messages = connection.ends[side].messages;
            Map<Long, Integer> received = connection.ends[1 - side].received;
            assertEquals(messages, received.size());
            assertTrue(received.values().stream().allMatch(times -> times == 1), () -> "received: " + received);
        }
    }

    private static final class Connection {
        private final End[] ends = {new End(), new End()};

        /** By rail: the lane that each end sends on, and the epoch of both. */
        private final Lane[][] lanes = new Lane[RAILS][2];

        private final int[] epochs = new int[RAILS];

        /** Of the queue pairs that the first end, which connects, has had. */
        private final int[] connected = new int[RAILS];

        Connection() throws BadFrameException {
            for (int rail = 0; rail < RAILS; rail++) {
                connected[rail] = -1;
                epochs[rail] = -1;
                lanes[rail] = buriedLanes();
                join(rail, true);
            }
        }

        /** Everything that has failed is made again, and nothing fails any more. */
        void settle() throws BadFrameException {
            boolean moved = true;
            while (moved) {
                moved = false;
                for (int rail = 0; rail < RAILS; rail++) {
                    for (int side = 0; side < 2; side++) {
                        Lane lane = lanes[rail][side];
                        if (lane.closed || lanes[rail][1 - side].closed) {
                            lane.closed = true;
                            bury(rail, side);
                        }
                    }
                    moved |= join(rail, true);
                    for (int side = 0; side < 2; side++) {
                        moved |= send(rail, side);
                        moved |= arrive(rail, side);
                    }
                }
            }
        }

        void act(int what, int rail, int side, int operand) throws BadFrameException {
            Lane lane = lanes[rail][side];
            switch (what) {
                case 0, 1 -> ends[side].newMessage();
                case 2, 3 -> send(rail, side);
                case 4, 5 -> arrive(rail, side);
                case 6 -> {
                    if (!lane.buried && operand > 2) {
                        lane.acknowledged = lane.arrived;
                    }
                }
                case 7 -> lane.closed |= operand < 4;
                case 8 -> bury(rail, side);
                default -> join(rail, operand > 2);
            }
        }

        private boolean send(int rail, int side) {
            Lane lane = lanes[rail][side];
            if (lane.closed || ends[side].queue.isEmpty()) {
                return false;
            }
            lane.sent.add(ends[side].queue.remove());
            return true;
        }

        /** The receiver takes what comes until it buries the queue pair, even if the sender has given that up. */
        private boolean arrive(int rail, int side) throws BadFrameException {
            Lane lane = lanes[rail][side];
            if (lanes[rail][1 - side].buried || lane.arrived == lane.sent.size()) {
                return false;
            }
            ends[1 - side].receive(lane.sent.get(lane.arrived++));
            return true;
        }

        private void bury(int rail, int side) throws BadFrameException {
            Lane lane = lanes[rail][side];
            if (!lane.closed || lane.buried) {
                return;
            }
            lane.buried = true;
            List<byte[]> left = lane.sent.subList(lane.acknowledged, lane.sent.size());
            ends[side].resumption.buried(new RailRemains(
                    ends[side].rails[rail],
                    epochs[rail],
                    lanes[rail][1 - side].arrived,
                    lane.acknowledged,
                    List.copyOf(left)));
        }

        /** The first end makes a rail again; the answer of the second may be lost on its way. */
        private boolean join(int rail, boolean answered) throws BadFrameException {
            if (!lanes[rail][0].buried || !lanes[rail][1].buried) {
                return false;
            }
            int last = connected[rail];
            End first = ends[0];
            End second = ends[1];
            epochs[rail]++;
            second.resumption.joined(second.rails[rail], last, first.resumption.receivedOver(first.rails[rail], last));
            long receivedBySecond = second.resumption.receivedOver(second.rails[rail], last);
            if (answered) {
                first.resumption.joined(first.rails[rail], last, receivedBySecond);
                connected[rail] = epochs[rail];
                lanes[rail] = new Lane[] {new Lane(), new Lane()};
            } else {
                second.resumption.buried(
                        new RailRemains(second.rails[rail], epochs[rail], 0, 0, Collections.emptyList()));
            }
            return answered;
        }

        private static Lane[] buriedLanes() {
            Lane[] pair = {new Lane(), new Lane()};
            for (Lane lane : pair) {
                lane.closed = true;
                lane.buried = true;
            }
            return pair;
        }
    }
}
