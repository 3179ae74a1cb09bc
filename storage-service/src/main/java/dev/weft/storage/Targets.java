package dev.weft.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.LocalTarget;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.storage.engine.ChunkEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The targets of this node: what the routing says of them, what state they are in by themselves, and, from both, whether
 * a request may be served now.
 */
final class Targets {
    private static final System.Logger LOG = System.getLogger(Targets.class.getName());

    private final StorageConfig config;
    private final ChunkEngine engine;
    private final TargetRecovery recovery;
    private final Lease lease;
    private final Fillings fillings;
    private final Counters counters;
    private final ReentrantLock lock = new ReentrantLock();

    /** Written under lock; read without. Requests see a routing only after the states have followed it. */
    private volatile Routing routing = Routing.UNKNOWN;

    /** Replaced under lock, never changed; read without. */
    private volatile Map<Long, TargetState> states;

    Targets(
            StorageConfig config,
            ChunkEngine engine,
            TargetRecovery recovery,
            Lease lease,
            Fillings fillings,
            Counters counters) {
        this.config = config;
        this.engine = engine;
        this.recovery = recovery;
        this.lease = lease;
        this.fillings = fillings;
        this.counters = counters;
        Map<Long, TargetState> initial = new TreeMap<>();
        for (long target : config.targets()) {
            initial.put(target, TargetState.STARTING);
        }
        this.states = initial;
    }

    Routing routing() {
        return routing;
    }

    /** States with the chain versions that they are about. */
    List<LocalTarget> report(long capacityBytes) {
        lock.lock();
        try {
            long used = engine.usedBytes() / states.size();
            long capacity = capacityBytes / states.size();
            List<LocalTarget> report = new ArrayList<>();
            states.forEach((target, state) -> {
                int version = routing.chainOf(target).map(Chain::version).orElse(0);
                report.add(new LocalTarget(target, state.local(), version, used, capacity, fillings.of(target)));
            });
            return report;
        } finally {
            lock.unlock();
        }
    }

    /** Follows newer routing; true if that changed the state of a target. */
    boolean accept(Routing newer) {
        lock.lock();
        try {
            if (newer.version() <= routing.version()) {
                return false;
            }
            Map<Long, TargetState> next = new TreeMap<>();
            boolean changed = false;
            for (Map.Entry<Long, TargetState> entry : states.entrySet()) {
                TargetState before = entry.getValue();
                TargetState after = follow(entry.getKey(), before, newer);
                changed |= after.local() != before.local();
                next.put(entry.getKey(), after);
            }
            states = next;
            routing = newer;
            return changed;
        } finally {
            lock.unlock();
        }
    }

    private TargetState follow(long target, TargetState before, Routing newer) {
        Optional<Membership> member = member(target, newer);
        TargetState after = before.follow(
                member.map(Membership::state).orElse(PublicState.OFFLINE),
                member.map(m -> m.chain().version()).orElse(0));
        if (after.local() != before.local() || after.seen() != before.seen()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    () -> "target " + target + " is " + after.seen() + " and " + after.local() + " at chain version "
                            + after.chainVersion());
        }
        try {
            if (after.mustForgetApplied(before)) {
                engine.forgetApplied(target);
            }
            if (after.mustCommitPending(before)) {
                recovery.commitPending(target);
            }
            return after;
        } catch (IOException | UncheckedIOException e) {
            LOG.log(System.Logger.Level.ERROR, "target " + target + " goes offline: its disk failed", e);
            return TargetState.FAILED;
        }
    }

    /** Takes a target, that its predecessor has filled, for complete. */
    void synced(ChainRef chain, long target) throws StorageException {
        lock.lock();
        try {
            Membership member = writable(chain, target);
            Map<Long, TargetState> next = new TreeMap<>(states);
            next.computeIfPresent(
                    target, (_, state) -> state.synced(member.chain().version()));
            states = next;
        } finally {
            lock.unlock();
        }
    }

    /** Takes all targets out of use: they share the disk that failed. */
    void diskFailed(IOException failure) {
        LOG.log(System.Logger.Level.ERROR, "all targets go offline: the disk failed", failure);
        lock.lock();
        try {
            Map<Long, TargetState> next = new TreeMap<>(states);
            next.replaceAll((_, _) -> TargetState.FAILED);
            states = next;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the disk has failed and was not opened again since. */
    boolean hasDiskFailed() {
        return states.values().stream().anyMatch(TargetState::failed);
    }

    /** Brings all targets back as after a start: what the disk lacks by now is filled by others. */
    void diskReloaded() {
        lock.lock();
        try {
            Map<Long, TargetState> next = new TreeMap<>(states);
            next.replaceAll((target, state) -> state.failed() ? restarted(target) : state);
            states = next;
        } finally {
            lock.unlock();
        }
    }

    /** If the cluster has taken note of a target's failure already, it may have no more news for us. */
    @GuardedBy("lock")
    private TargetState restarted(long target) {
        return routing.equals(Routing.UNKNOWN) ? TargetState.STARTING : follow(target, TargetState.STARTING, routing);
    }

    /** Our target that heads a chain and takes the writes of clients. */
    Membership head(ChainRef ref) throws StorageException {
        Routing now = routing;
        Chain chain = check(ref, now);
        ChainTarget first = chain.targets().getFirst();
        if (first.nodeId() != config.nodeId() || first.state() != PublicState.SERVING) {
            throw Faults.of(
                    Kind.NOT_SERVING,
                    "target " + first.targetId() + " on node " + first.nodeId() + " is " + first.state()
                            + ": this node is not the head of chain " + ref.chainId());
        }
        return readable(ref, first.targetId());
    }

    /** Our target that serves reads. */
    Membership readable(ChainRef ref, long target) throws StorageException {
        check(ref, routing);
        Membership member = current(target);
        if (member.state() != PublicState.SERVING) {
            throw notServing(member, "is " + member.state());
        }
        return member;
    }

    /** Our target that takes the writes of its predecessor: it serves, or is being filled. */
    Membership writable(ChainRef ref, long target) throws StorageException {
        check(ref, routing);
        return current(target);
    }

    /** Our target, at the newest routing, if it takes part in writes. */
    Membership current(long target) throws StorageException {
        // A lease that is held now speaks for the routing of now or later, not for one that was looked at before.
        boolean leaseHeld = lease.held();
        Membership member = member(target, routing).orElse(null);
        TargetState state = states.get(target);
        if (state == null || member == null) {
            throw Faults.of(Kind.NOT_SERVING, "target " + target + " is in no chain of node " + config.nodeId());
        }
        if (!leaseHeld) {
            counters.count(Event.FENCED);
            throw notServing(member, "has lost touch with the cluster manager");
        }
        boolean serves = member.state() == PublicState.SERVING && state.local() == LocalState.UP_TO_DATE;
        boolean fills = member.state() == PublicState.SYNCING && state.local() != LocalState.OFFLINE;
        if (!serves && !fills) {
            throw notServing(member, "is " + member.state() + " and " + state.local());
        }
        return member;
    }

    private Chain check(ChainRef ref, Routing now) throws StorageException {
        int known = now.chain(ref.chainId()).map(Chain::version).orElse(0);
        if (known != ref.version()) {
            counters.count(Event.WRONG_CHAIN_VERSION);
            throw Faults.wrongChainVersion(ref.chainId(), ref.version(), known);
        }
        return now.chain(ref.chainId()).orElseThrow();
    }

    private Optional<Membership> member(long target, Routing now) {
        return now.chainOf(target)
                .flatMap(chain -> chain.targets().stream()
                        .filter(each -> each.targetId() == target && each.nodeId() == config.nodeId())
                        .findFirst()
                        .map(each -> new Membership(target, chain, each.state())));
    }

    private static StorageException notServing(Membership member, String why) {
        return Faults.of(
                Kind.NOT_SERVING,
                "target " + member.targetId() + " of chain " + member.chain().chainId() + " " + why);
    }
}
