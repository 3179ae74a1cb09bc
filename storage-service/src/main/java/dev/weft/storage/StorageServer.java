package dev.weft.storage;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.member.LiveClients;
import dev.weft.api.cluster.member.Member;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.StorageService;
import dev.weft.rpc.Environment;
import dev.weft.storage.engine.ChunkEngine;
import java.time.Duration;
import java.util.Set;
import java.util.SortedMap;

/**
 * A node that holds chunks.
 *
 * <pre>{@code
 * StorageServer server = new StorageServer(config, environment, engine, manager, peers, mover, member);
 * server.start();
 * rpc.add(StorageServiceRpc.SERVICE, server.service());
 * }</pre>
 *
 * <p>It serves once the cluster manager has put its targets to use. Closing it ends all background work and then the engine;
 * no request may be in progress by then.
 */
public final class StorageServer implements AutoCloseable {
    private final Counters counters = new Counters();
    private final ChunkEngine engine;
    private final Targets targets;
    private final Heartbeats heartbeats;
    private final Resync filler;
    private final ResyncLoop resync;
    private final RoutingFollower follower;
    private final Thread routingThread;
    private final LocalStorage service;
    private final DiskUpkeep upkeep;
    private final TagUpkeep tags;
    private final Scrubber scrubber;

    /**
     * Serves from an engine that is open, in a cluster whose clients keep no sessions.
     *
     * @see #StorageServer(StorageConfig, Environment, ChunkEngine, ClusterManager, LiveClients, Peers, DataMover, Member)
     */
    public StorageServer(
            StorageConfig config,
            Environment environment,
            ChunkEngine engine,
            ClusterManager manager,
            Peers peers,
            DataMover mover,
            Member member) {
        this(config, environment, engine, manager, Set::of, peers, mover, member);
    }

    /**
     * Serves from an engine that is open. The server owns it from then on.
     *
     * @param clients that have a session: what they wrote last is remembered for longer
     * @param member what the node knows of its cluster; the server adds the options that it can change while it runs
     */
    public StorageServer(
            StorageConfig config,
            Environment environment,
            ChunkEngine engine,
            ClusterManager manager,
            LiveClients clients,
            Peers peers,
            DataMover mover,
            Member member) {
        this.engine = engine;
        ChunkLocks locks = new ChunkLocks();
        Fillings fillings = new Fillings();
        Lease lease = new Lease(environment.clock());
        this.targets = new Targets(config, engine, new TargetRecovery(engine, locks), lease, fillings, counters);
        this.heartbeats = new Heartbeats(config, manager, targets, lease, engine, member, environment);
        this.follower = new RoutingFollower(manager, environment).onLost(peers::lost);
        this.routingThread = environment.threads().newThread(this::followRouting);
        OwnTags ownTags = new OwnTags(environment);
        Confirmations confirmations = new Confirmations(targets, environment.clock());
        Visibility visibility = new Visibility(targets, engine, peers, confirmations, counters);
        Repair repair = new Repair(targets, engine, locks, peers, mover, environment.clock(), counters);
        Forwarder forwarder =
                new Forwarder(targets, peers, engine, mover, repair, environment, config.forwardPatience(), counters);
        ChainWriter writer = new ChainWriter(
                targets,
                engine,
                locks,
                new WriteTags(),
                ownTags,
                forwarder,
                mover,
                repair,
                visibility,
                confirmations,
                counters);
        this.service = new LocalStorage(
                targets,
                engine,
                writer,
                new BatchWriter(writer, environment),
                new ChunkReads(targets, engine, mover, visibility, repair),
                new ChunkRemoval(targets, engine, writer, ownTags),
                visibility,
                confirmations,
                heartbeats::trigger);
        this.scrubber = new Scrubber(config.targets(), targets, engine, mover, repair, environment, counters);
        member.options().number("scrub-rate", Scrubber.RATE_DEFAULT, 0, Scrubber.RATE_MAX, scrubber::setRate);
        this.tags = new TagUpkeep(config.targets(), engine, clients, environment, counters);
        this.upkeep = new DiskUpkeep(engine, targets, member.options(), environment, counters);
        this.filler = new Resync(
                targets,
                engine,
                locks,
                writer,
                forwarder,
                ownTags,
                visibility,
                fillings,
                environment,
                confirmations,
                counters);
        member.options().number("resync-rate", 0, 0, Resync.RATE_MAX, filler::setRate);
        this.resync = new ResyncLoop(config.targets(), targets, filler, peers, environment);
    }

    /** What to offer to others. */
    public StorageService service() {
        return service;
    }

    /** What has come about so far, by name. */
    public SortedMap<String, Long> counters() {
        return counters.snapshot();
    }

    /** Visible to tests. */
    Scrubber scrubber() {
        return scrubber;
    }

    /** Visible to tests. */
    Resync filler() {
        return filler;
    }

    /** Joins the cluster. */
    public void start() {
        follower.start();
        routingThread.start();
        heartbeats.start();
        resync.start();
        upkeep.start();
        tags.start();
        scrubber.start();
    }

    private void followRouting() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Routing newest = follower.awaitNewerThan(targets.routing().version(), Duration.ofSeconds(10));
                if (targets.accept(newest)) {
                    heartbeats.trigger();
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        scrubber.close();
        tags.close();
        upkeep.close();
        resync.close();
        routingThread.interrupt();
        follower.close();
        heartbeats.close();
        engine.close();
    }
}
