package dev.weft.kv.ratis;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreAdmin;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StorePeer;
import dev.weft.kv.StoreStatus;
import dev.weft.kv.Transaction;
import dev.weft.kv.engine.OptimisticTransaction;
import dev.weft.kv.engine.Retry;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * One peer of a store that three machines or more replicate: what is committed is on the disks of most of them, and the store
 * goes on while most of them do.
 *
 * <pre>{@code
 * KeyValueStore peer = RatisKeyValueStore.open(
 *         RatisConfig.of(folder, "1", RatisPeer.parseAll("1=10.0.0.1:7202,2=10.0.0.2:7202,3=10.0.0.3:7202")),
 *         StoreLimits.defaults(), environment);
 * rpcServer.bind(StoreServiceRpc.SERVICE, new StoreServer(peer, environment));
 * }</pre>
 *
 * <p>One of the peers leads. There transactions begin, read its database and commit by one entry of the Raft log for many of
 * them; everywhere else {@link #begin} ends with FAILED_PRECONDITION, and {@code RemoteKeyValueStore} with the addresses of all
 * peers goes on to the next. A transaction that begins sees every commit that was acknowledged anywhere before: the leader makes
 * sure that it still is one, by a lease. When it no longer is, commits that were under way come back as maybe committed.
 *
 * <p>Thread-safe. To begin a transaction waits for other peers if the lease has run out.
 */
public final class RatisKeyValueStore implements KeyValueStore, StoreAdmin {
    private final RatisNode node;
    private final Proposer proposer;
    private final StoreLimits limits;
    private final Retry retry;

    private RatisKeyValueStore(RatisNode node, Proposer proposer, StoreLimits limits, Environment environment) {
        this.node = node;
        this.proposer = proposer;
        this.limits = limits;
        this.retry = new Retry(this::begin, environment, limits.attemptsMax());
    }

    /**
     * Starts the peer, which finds the others by itself.
     *
     * @throws IOException if its files are damaged or in use, or nobody can listen at its address
     * @throws IllegalArgumentException if the largest transaction does not fit a log entry
     */
    public static RatisKeyValueStore open(RatisConfig config, StoreLimits limits, Environment environment)
            throws IOException {
        if (limits.transactionBytesMax() > config.entryBytesMax()) {
            throw new IllegalArgumentException("transactions of " + limits.transactionBytesMax()
                    + " bytes do not fit log entries of " + config.entryBytesMax());
        }
        RatisNode node = RatisNode.start(config);
        Proposer proposer = new Proposer(node, config, limits, environment.clock());
        proposer.start();
        return new RatisKeyValueStore(node, proposer, limits, environment);
    }

    @Override
    public Transaction begin() {
        node.confirmLeadership();
        return new OptimisticTransaction(node.retainNewest(), proposer, limits);
    }

    /** As {@link KeyValueStore#run}; does not look for another leader. */
    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return retry.run(body);
    }

    @Override
    public StoreStatus status() {
        return node.status();
    }

    @Override
    public void addPeer(StorePeer peer) {
        RatisPeer added = RatisPeer.of(peer.id(), peer.address());
        List<RatisPeer> peers = node.peers();
        if (peers.stream().noneMatch(one -> one.id().equals(added.id()))) {
            node.setPeers(Stream.concat(peers.stream(), Stream.of(added)).toList());
        }
    }

    @Override
    public void removePeer(StorePeer peer) {
        List<RatisPeer> peers = node.peers();
        List<RatisPeer> left =
                peers.stream().filter(one -> !one.id().equals(peer.id())).toList();
        if (left.isEmpty()) {
            throw new IllegalArgumentException("peer " + peer.id() + " is the last one");
        }
        if (left.size() < peers.size()) {
            node.setPeers(left);
        }
    }

    /** Has this peer write a snapshot now, and cut its log; otherwise it does so by itself from time to time. */
    void takeSnapshot() {
        node.takeSnapshot();
    }

    @Override
    public void close() {
        // The node first, so that commits under way get their answer.
        node.close();
        proposer.close();
    }
}
