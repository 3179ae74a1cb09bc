package dev.weft.rpc.rdma;

import dev.weft.rpc.Clock;
import dev.weft.rpc.rdma.Connector.Connected;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes the rails of a connection, on the side that asked for it: those besides the first, and each again that is lost. */
final class RailKeeper {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.rdma");

    private static final long PAUSE_NANOS_MIN = 5_000_000;
    private static final long PAUSE_NANOS_MAX = 1_000_000_000;

    /** One attempt; a rail that cannot be made now is tried again. */
    private static final long ATTEMPT_NANOS = 2_000_000_000L;

    private final RdmaConnection connection;
    private final RdmaTransport transport;
    private final Clock clock;
    private final List<Target> targets;

    /** Above 0 while a thread makes rails. */
    private final AtomicInteger wakes = new AtomicInteger();

    /** By rail: the last queue pair that was connected, and the next that will be tried. */
    private final int[] epochs = new int[Rail.RAILS_MAX];

    private final int[] nextEpoch = new int[Rail.RAILS_MAX];

    /**
     * Where a rail goes.
     *
     * @param local address of the device; null to have it follow from the route
     */
    record Target(@Nullable InetAddress local, InetSocketAddress remote) {}

    /** @param targets by index of the rail; the first rail is up */
    RailKeeper(RdmaConnection connection, RdmaTransport transport, List<Target> targets) {
        this.connection = connection;
        this.transport = transport;
        this.clock = transport.clock();
        this.targets = targets;
        Arrays.fill(epochs, ConnectData.NO_EPOCH);
        epochs[0] = 0;
        nextEpoch[0] = 1;
    }

    /** Something has changed: sees to it that all rails are up. Returns at once. */
    void wake() {
        if (wakes.getAndIncrement() == 0) {
            transport.later(this::makeRails);
        }
    }

    private void makeRails() {
        long pause = PAUSE_NANOS_MIN;
        int seen;
        do {
            seen = wakes.get();
            while (connection.isOpen() && !makeMissing()) {
                long now = clock.nanoTime();
                long left = connection.rails().downSinceNanos()
                        + transport.rdmaConfig().resumeTimeout().toNanos()
                        - now;
                if (connection.rails().up() == 0 && left <= 0) {
                    connection.close("no rail could be made again in time");
                    return;
                }
                clock.parkUntil(this, now + (connection.rails().up() == 0 ? Math.min(pause, left) : pause));
                pause = Math.min(2 * pause, PAUSE_NANOS_MAX);
            }
        } while (wakes.addAndGet(-seen) != 0);
    }

    /** Tries to make each rail that is down; true if none is. */
    private boolean makeMissing() {
        boolean all = true;
        for (int i = 0; i < targets.size() && connection.isOpen(); i++) {
            Rail rail = connection.rails().get(i);
            if (!rail.isUp()) {
                connection.rails().awaitBurials(rail);
                all &= make(rail, targets.get(i));
            }
        }
        return all;
    }

    private boolean make(Rail rail, Target target) {
        int index = rail.index();
        int last = epochs[index];
        int epoch = nextEpoch[index]++;
        try {
            Connected made = transport
                    .connector()
                    .connect(
                            rail,
                            epoch,
                            target.local,
                            target.remote,
                            device -> transport.request(
                                    ConnectData.Kind.JOIN,
                                    connection,
                                    rail,
                                    device,
                                    epoch,
                                    last,
                                    connection.resumption().receivedOver(rail, last)),
                            clock.nanoTime() + ATTEMPT_NANOS);
            epochs[index] = epoch;
            transport.counting().queuePairRebuilds.increment();
            transport.begin(rail, made);
            connection.resumption().joined(rail, last, made.reply().lastReceived());
            return true;
        } catch (Attempt.RefusedException e) {
            if (connection.rails().up() == 0) {
                connection.close("the peer is gone: " + e.getMessage());
            }
            return false;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> rail + " cannot be made: " + e.getMessage());
            return false;
        } catch (BadFrameException e) {
            connection.close(String.valueOf(e.getMessage()));
            return false;
        } catch (InterruptedException e) {
            connection.close("interrupted while making a rail");
            return false;
        }
    }
}
