package dev.weft.cluster;

import dev.weft.api.cluster.ChangeReply;
import dev.weft.api.cluster.ClientSessions;
import dev.weft.api.cluster.ClusterAdmin;
import dev.weft.api.cluster.ClusterChange;
import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.ConfigChange;
import dev.weft.api.cluster.ConfigRequest;
import dev.weft.api.cluster.ConfigSet;
import dev.weft.api.cluster.HeartbeatReply;
import dev.weft.api.cluster.HeartbeatRequest;
import dev.weft.api.cluster.NotPrimary;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.OperationsReply;
import dev.weft.api.cluster.RoutingReply;
import dev.weft.api.cluster.RoutingRequest;
import dev.weft.api.cluster.SessionReply;
import dev.weft.api.cluster.SessionRequest;
import dev.weft.api.cluster.SessionsReply;
import dev.weft.api.cluster.StatusReply;
import dev.weft.kv.KeyValueStore;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A cluster manager. Several may share a store: one is the primary and answers, the others say who it is and wait.
 *
 * <pre>{@code
 * var manager = new ClusterManagerServer(seat, ClusterManagerConfig.defaults(), Environment.system(), store);
 * manager.start();
 * rpcServer.bind(ClusterManagerRpc.SERVICE, manager);
 * rpcServer.bind(ClusterAdminRpc.SERVICE, manager);
 * rpcServer.bind(ClientSessionsRpc.SERVICE, manager);
 * }</pre>
 *
 * <p>A change is stored before anyone hears of it. Thread-safe; calls block while a change is being stored, and calls for
 * routing while there is nothing new. The store stays the caller's to close.
 */
public final class ClusterManagerServer implements ClusterManager, ClusterAdmin, ClientSessions, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClusterManagerServer.class.getName());

    /** How often the lease is renewed in its length: four times while its holder may act. */
    private static final int RENEWALS = 6;

    /** How often others look at it in that time: what they see too late makes the time without a primary longer. */
    private static final int LOOKS = 20;

    private final ManagerSeat seat;
    private final ClusterManagerConfig config;
    private final Environment environment;
    private final KeyValueStore store;
    private final Election election;
    private final Thread candidate;
    private final Thread checker;

    /** Held while something of the term is used or a change is stored, so that versions are stored in order. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Null while we are not the primary. Written under the lock; by the candidate thread, or whoever finds it is over. */
    private volatile @Nullable Term term;

    /** Whether the lease has run out, and has not been renewed so that its term goes on. */
    private volatile boolean suspended;

    private volatile boolean started;
    private volatile boolean closed;

    /** The only manager of a cluster. */
    public ClusterManagerServer(ClusterManagerConfig config, Environment environment, KeyValueStore store) {
        this(ManagerSeat.only(), config, environment, store);
    }

    /** One of several managers that share {@code store}, unless the seat says otherwise. */
    public ClusterManagerServer(
            ManagerSeat seat, ClusterManagerConfig config, Environment environment, KeyValueStore store) {
        this.seat = seat;
        this.config = config;
        this.environment = environment;
        this.store = store;
        this.election = new Election(seat, config.managerLease(), store, environment);
        this.candidate = environment.threads().newThread(this::standUntilClosed);
        this.checker = environment.threads().newThread(this::checkUntilClosed);
    }

    /** Begins to try for the primary's lease, and to watch the nodes while it is held. Returns after the first try. */
    public void start() throws InterruptedException {
        started = true;
        try {
            stand();
        } catch (RpcException | DeposedException | UnknownOutcomeException e) {
            LOG.log(System.Logger.Level.WARNING, "the store does not answer yet; will try again", e);
        }
        candidate.start();
        checker.start();
    }

    /** Whether this manager is the primary now. */
    public boolean isPrimary() {
        return term != null && !suspended && election.isHeld();
    }

    @Override
    public HeartbeatReply heartbeat(HeartbeatRequest request) {
        return primary((now, current) -> {
            refuseIf(current.state.heartbeat(request, now));
            current.decide(current.state.propose(now));
            RoutingReply routing = current.board.newerThan(request.routingVersion());
            return new HeartbeatReply(
                    config.lease(),
                    routing.routing(),
                    routing.changes(),
                    current.state.clusterId(),
                    current.configs.newerThan(request.config().version(), request.role()));
        });
    }

    @Override
    public RoutingReply routing(RoutingRequest request) {
        if (request.patience().isNegative()) {
            throw new RpcException(StatusCode.INVALID_ARGUMENT, "patience " + request.patience() + " is negative");
        }
        boolean tooLong = request.patience().compareTo(config.patienceMax()) > 0;
        RoutingBoard board = current().board;
        try {
            RoutingReply reply = board.awaitNewerThan(
                    request.knownVersion(), tooLong ? config.patienceMax() : request.patience(), this::isPrimary);
            if (board.isClosed() || !isPrimary()) {
                throw notPrimary();
            }
            return reply;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public StatusReply status() {
        return primary((now, current) -> new StatusReply(
                current.board.current(),
                current.state.targets(now),
                current.state.clusterId(),
                seat.managerId(),
                current.number(),
                current.state.nodes(current.configs)));
    }

    @Override
    public ChangeReply change(ClusterChange change) {
        return primary((now, current) -> {
            Operator.Answer answer = new Operator.Answer();
            boolean changed = current.decide(current.state.propose(change, answer, now));
            return new ChangeReply(changed, answer.message());
        });
    }

    @Override
    public OperationsReply operations() {
        return primary((now, current) -> current.state.operations(now));
    }

    @Override
    public ConfigSet config(ConfigRequest request) {
        return primary((_, current) -> current.configs.of(request.role()));
    }

    @Override
    public ConfigSet setConfig(ConfigChange change) {
        return primary((_, current) -> current.configs.change(change));
    }

    @Override
    public SessionReply session(SessionRequest request) {
        return primary((now, current) -> {
            current.sessions.take(request, environment.clock().instant(), now);
            return new SessionReply(config.sessionTime());
        });
    }

    @Override
    public SessionsReply sessions() {
        return primary((now, current) -> current.sessions.list(now));
    }

    /** Gives the lease back, stops watching and answers those who wait for routing. */
    @Override
    public void close() {
        closed = true;
        stepDown("this manager stops");
        candidate.interrupt();
        checker.interrupt();
        try {
            candidate.join();
            checker.join();
            if (started && !seat.alone()) {
                election.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RpcException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "the lease could not be given back", e);
        }
    }

    /** What the primary does, under the lock. */
    @FunctionalInterface
    private interface Work<T> {
        T at(long nowNanos, Term current) throws InterruptedException;
    }

    private <T> T primary(Work<T> work) {
        lock.lock();
        try {
            Term current = current();
            return work.at(environment.clock().nanoTime(), current);
        } catch (DeposedException e) {
            stepDown(String.valueOf(e.getMessage()));
            throw notPrimary();
        } catch (UnknownOutcomeException e) {
            beginAnew(e);
            throw new RpcException(StatusCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            beginAnew(e);
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /** What is stored may be newer than what we know: it is loaded again, in a term of its own. */
    private void beginAnew(Exception why) {
        election.renew();
        stepDown(String.valueOf(why.getMessage()));
    }

    private Term current() {
        if (!started) {
            throw new RpcException(StatusCode.UNAVAILABLE, "the cluster manager has not started yet");
        }
        Term current = term;
        if (current == null || suspended || !election.isHeld()) {
            throw notPrimary();
        }
        return current;
    }

    private NotPrimaryException notPrimary() {
        LeaseRecord seen = election.seen();
        boolean known = !seen.isFree() && !election.isOurs(seen);
        String where = known
                ? "manager " + seen.managerId() + " is the primary of term " + seen.term()
                : "no primary is known";
        return new NotPrimaryException(new NotPrimary(
                known ? seen.managerId() : 0,
                known ? seen.addresses() : List.of(),
                "manager " + seat.managerId() + " is not the primary; " + where));
    }

    private void standUntilClosed() {
        try {
            while (!closed) {
                environment.clock().sleep(config.managerLease().dividedBy(isPrimary() ? RENEWALS : LOOKS));
                try {
                    stand();
                } catch (RpcException | DeposedException | UnknownOutcomeException | IllegalStateException e) {
                    LOG.log(System.Logger.Level.DEBUG, "the lease could not be looked at", e);
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread, and it ends here.
            Thread.currentThread().interrupt();
        }
    }

    /** One round of the election, and what follows from it. */
    private void stand() throws InterruptedException {
        long endedNanos = election.endNanos();
        suspend(suspended || !election.isHeld());
        LeaseRecord lease = election.round();
        if (!election.isOurs(lease)) {
            stepDown("manager " + lease.managerId() + " is the primary of term " + lease.term());
            return;
        }
        Term current = term;
        if (current == null || current.number() != lease.term()) {
            begin(lease.term());
        } else if (suspended) {
            resume(current, endedNanos);
        }
    }

    private void suspend(boolean value) {
        suspended = value;
        Term current = term;
        if (value && current != null) {
            current.board.wake();
        }
    }

    private void begin(long number) throws InterruptedException {
        stepDown("a new one begins");
        Term fresh = Term.load(number, config, environment, store);
        lock.lock();
        try {
            if (!closed) {
                term = fresh;
                suspended = false;
            }
        } finally {
            lock.unlock();
        }
        LOG.log(System.Logger.Level.INFO, () -> "manager " + seat.managerId() + " is the primary of term " + number);
    }

    /** Nobody has taken the lease while it had run out. Nodes and clients are not charged with the time. */
    private void resume(Term current, long endedNanos) {
        lock.lock();
        try {
            if (election.isHeld()) {
                long gap = environment.clock().nanoTime() - endedNanos;
                current.pardon(gap);
                suspended = false;
                LOG.log(
                        System.Logger.Level.INFO,
                        () -> "term " + current.number() + " goes on after "
                                + Duration.ofNanos(gap).toMillis() + " ms without a lease");
            }
        } finally {
            lock.unlock();
        }
    }

    private void stepDown(String why) {
        lock.lock();
        try {
            Term over = term;
            if (over != null) {
                term = null;
                over.board.close();
                LOG.log(System.Logger.Level.INFO, () -> "term " + over.number() + " is over here: " + why);
            }
        } finally {
            lock.unlock();
        }
    }

    private void checkUntilClosed() {
        try {
            while (!closed) {
                environment.clock().sleep(config.checkInterval());
                if (isPrimary()) {
                    check();
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread, and it ends here.
            Thread.currentThread().interrupt();
        }
    }

    private void check() {
        try {
            primary((now, current) -> {
                current.sessions.prune(now);
                return current.decide(current.state.propose(now));
            });
        } catch (NotPrimaryException e) {
            LOG.log(System.Logger.Level.DEBUG, "not the primary any more", e);
        } catch (RpcException | IllegalStateException e) {
            if (!closed) {
                LOG.log(System.Logger.Level.ERROR, "cannot store a change of the cluster; will try again", e);
            }
        }
    }

    private static void refuseIf(Optional<Refusal> refusal) {
        if (refusal.isPresent()) {
            throw refusal.get().toException();
        }
    }

    private static RpcException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RpcException(StatusCode.CANCELLED, "interrupted", e);
    }
}
