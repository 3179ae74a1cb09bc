package dev.weft.storage;

import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.StorageException;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for successors to fill, on a thread of its own, one after the other. */
final class ResyncLoop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ResyncLoop.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final List<Long> ownTargets;
    private final Targets targets;
    private final Resync resync;
    private final Peers peers;
    private final Rounds rounds;

    /** The chain at which a target's successor was filled last; targets change chains. Used by the loop's thread only. */
    private final Map<Long, ChainRef> filled = new HashMap<>();

    ResyncLoop(List<Long> ownTargets, Targets targets, Resync resync, Peers peers, Environment environment) {
        this.ownTargets = ownTargets;
        this.targets = targets;
        this.resync = resync;
        this.peers = peers;
        this.rounds = new Rounds(environment, PAUSE, this::round);
    }

    void start() {
        rounds.start();
    }

    private void round() throws InterruptedException {
        for (long target : ownTargets) {
            fill(target);
        }
    }

    private void fill(long target) throws InterruptedException {
        try {
            Membership member = targets.current(target);
            Optional<ChainTarget> successor = Resync.successorToFill(member);
            Optional<NodeInfo> node =
                    successor.flatMap(each -> targets.routing().node(each.nodeId()));
            int version = member.chain().version();
            ChainRef chain = new ChainRef(member.chain().chainId(), version);
            if (successor.isEmpty() || node.isEmpty() || chain.equals(filled.get(target))) {
                return;
            }
            int sent = resync.fill(member, successor.get(), peers.storage(node.get()));
            filled.put(target, chain);
            LOG.log(
                    System.Logger.Level.INFO,
                    () -> "target " + target + " has filled " + successor.get().targetId() + " with " + sent
                            + " chunks at chain version " + version);
        } catch (StorageException | RpcException | UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "target " + target + " cannot fill its successor yet", e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "target " + target + " cannot fill its successor", e);
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
