package dev.weft.rpc.rdma;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings together what both sides know of queue pairs that have ended, so that what was on its way is sent again once.
 *
 * <p>The peer says how much it received either over another rail, by {@code RAIL_ENDED}, or when the rail is made again, in
 * the connect data. Whichever comes first counts; both say the same.
 */
final class Resumption {
    private final Consumer<List<byte[]>> sendAgain;
    private final Consumer<byte[]> control;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<RailRemains> unresolved = new ArrayList<>();

    /** What the peer said of queue pairs that are not buried here yet. */
    @GuardedBy("lock")
    private final List<PeerEnd> early = new ArrayList<>();

    /** By rail: the latest epoch that needs nothing more, the latest over which something came, and how much that was. */
    @GuardedBy("lock")
    private final int[] resolvedEpochs = new int[Rail.RAILS_MAX];

    @GuardedBy("lock")
    private final int[] buriedEpochs = new int[Rail.RAILS_MAX];

    @GuardedBy("lock")
    private final long[] buriedReceived = new long[Rail.RAILS_MAX];

    private record PeerEnd(int rail, int epoch, long received) {}

    /**
     * @param sendAgain takes buffers that the peer has not received
     * @param control sends a frame to the peer
     */
    Resumption(Consumer<List<byte[]>> sendAgain, Consumer<byte[]> control) {
        this.sendAgain = sendAgain;
        this.control = control;
        Arrays.fill(resolvedEpochs, -1);
        Arrays.fill(buriedEpochs, -1);
    }

    /** A queue pair of ours has ended. */
    void buried(RailRemains remains) throws BadFrameException {
        int rail = remains.rail().index();
        List<byte[]> again = List.of();
        lock.lock();
        try {
            if (remains.received() > 0) {
                buriedEpochs[rail] = remains.epoch();
                buriedReceived[rail] = remains.received();
            }
            unresolved.add(remains);
            for (PeerEnd end : List.copyOf(early)) {
                if (end.rail == rail && end.epoch == remains.epoch()) {
                    early.remove(end);
                    again = resolve(remains, end.received);
                }
            }
        } finally {
            lock.unlock();
        }
        sendAgain.accept(again);
        control.accept(ControlFrame.railEnded(rail, remains.epoch(), remains.received()));
    }

    /** The peer's end of a queue pair has ended, after it received this much. */
    void peerEnded(Rail rail, int epoch, long received) throws BadFrameException {
        List<byte[]> again = List.of();
        lock.lock();
        try {
            if (epoch <= resolvedEpochs[rail.index()]) {
                return;
            }
            RailRemains remains = find(rail, epoch);
            if (remains != null) {
                again = resolve(remains, received);
            } else if (early.size() < 2 * Rail.RAILS_MAX) {
                early.add(new PeerEnd(rail.index(), epoch, received));
            }
        } finally {
            lock.unlock();
        }
        sendAgain.accept(again);
    }

    /**
     * A rail is being made again, and the peer says what it received over the last queue pair that it knows of. Those that
     * came after never carried anything to it.
     */
    void joined(Rail rail, int lastEpoch, long lastReceived) throws BadFrameException {
        List<byte[]> again = new ArrayList<>();
        lock.lock();
        try {
            for (RailRemains remains : List.copyOf(unresolved)) {
                if (remains.rail() == rail && remains.epoch() >= lastEpoch) {
                    again.addAll(resolve(remains, remains.epoch() == lastEpoch ? lastReceived : 0));
                }
            }
        } finally {
            lock.unlock();
        }
        sendAgain.accept(again);
    }

    /** How much came over a queue pair that has ended. */
    long receivedOver(Rail rail, int epoch) {
        lock.lock();
        try {
            return buriedEpochs[rail.index()] == epoch ? buriedReceived[rail.index()] : 0;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private @Nullable RailRemains find(Rail rail, int epoch) {
        for (RailRemains remains : unresolved) {
            if (remains.rail() == rail && remains.epoch() == epoch) {
                return remains;
            }
        }
        return null;
    }

    @GuardedBy("lock")
    private List<byte[]> resolve(RailRemains remains, long peerReceived) throws BadFrameException {
        List<byte[]> again = remains.after(peerReceived);
        unresolved.remove(remains);
        int rail = remains.rail().index();
        resolvedEpochs[rail] = Math.max(resolvedEpochs[rail], remains.epoch());
        Iterator<PeerEnd> old = early.iterator();
        while (old.hasNext()) {
            PeerEnd end = old.next();
            if (end.rail == rail && end.epoch <= remains.epoch()) {
                old.remove();
            }
        }
        return again;
    }
}
