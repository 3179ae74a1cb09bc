package dev.weft.client;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.api.storage.UpdateBatchRequest;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.UpdateResult;
import dev.weft.api.storage.WriteTag;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings changes of several chunks to the heads of their chains, those of one head in one call, exactly once each. What a call
 * did not achieve is tried again without the rest. Thread-safe.
 */
final class ChunkBatches {
    /** As many as a server makes at a time. */
    private static final int CHANGES_MAX = 32;

    /** Of one batch, unless one change alone has more; a quarter of what a server takes. */
    private static final long BYTES_MAX = 16 << 20;

    private final FileSystemConfig config;
    private final Environment environment;
    private final RoutingFollower follower;
    private final StorageNodes nodes;
    private final Lanes lanes;

    ChunkBatches(
            FileSystemConfig config,
            Environment environment,
            RoutingFollower follower,
            StorageNodes nodes,
            Lanes lanes) {
        this.config = config;
        this.environment = environment;
        this.follower = follower;
        this.nodes = nodes;
        this.lanes = lanes;
    }

    /**
     * A change.
     *
     * @param bytes that it brings
     * @param operation is made anew for each attempt, as each names the memory to pull from
     */
    record Change(int chainId, ChunkId chunk, int bytes, Supplier<ChunkOperation> operation) {}

    /** A change on its way. */
    private static final class Sent {
        final Change change;
        final WriteTag tag;

        @Nullable
        UpdateReply reply;

        @Nullable
        StorageException failure;

        Sent(Change change, WriteTag tag) {
            this.change = change;
            this.tag = tag;
        }
    }

    /** Makes all changes; returns their answers, in order. An error says that the outcome of some is not known. */
    List<UpdateReply> make(List<Change> changes) throws IOException, InterruptedException {
        List<UpdateReply> replies = new ArrayList<>(changes.size());
        while (replies.size() < changes.size()) {
            List<WriteTag> tags = lanes.acquire(fitting(changes.subList(replies.size(), changes.size())));
            try {
                List<Sent> batch = new ArrayList<>(tags.size());
                for (WriteTag tag : tags) {
                    batch.add(new Sent(changes.get(replies.size() + batch.size()), tag));
                }
                replies.addAll(attempt(batch));
            } finally {
                tags.forEach(lanes::release);
            }
        }
        return replies;
    }

    /** How many of the next changes go together. */
    private static int fitting(List<Change> next) {
        int count = 0;
        long bytes = 0;
        do {
            bytes += next.get(count++).bytes();
        } while (count < Math.min(next.size(), CHANGES_MAX)
                && bytes + next.get(count).bytes() <= BYTES_MAX);
        return count;
    }

    private List<UpdateReply> attempt(List<Sent> batch) throws IOException, InterruptedException {
        Attempts attempts = new Attempts(follower, environment, config.patience());
        long begin = environment.clock().nanoTime();
        while (true) {
            Routing routing = follower.current();
            Duration age = Duration.ofNanos(environment.clock().nanoTime() - begin);
            send(routing, batch, age);
            StorageException failure = null;
            List<UpdateReply> replies = new ArrayList<>(batch.size());
            for (Sent sent : batch) {
                if (sent.reply != null) {
                    replies.add(sent.reply);
                } else if (sent.failure != null) {
                    failure = sent.failure;
                    if (!Attempts.mayPass(failure)) {
                        throw Attempts.describe("change of chunk " + sent.change.chunk(), failure);
                    }
                }
            }
            if (failure == null) {
                return replies;
            }
            attempts.pause(routing, "change of " + batch.size() + " chunks", failure);
        }
    }

    private void send(Routing routing, List<Sent> batch, Duration age) throws IOException, InterruptedException {
        Map<Integer, List<Sent>> byHead = new LinkedHashMap<>();
        for (Sent sent : batch) {
            Optional<ChainTarget> head = routing.head(sent.change.chainId());
            if (sent.reply == null && head.isPresent()) {
                byHead.computeIfAbsent(head.get().nodeId(), _ -> new ArrayList<>())
                        .add(sent);
            } else if (sent.reply == null) {
                sent.failure = failure("chain " + sent.change.chainId() + " has no head that serves in " + routing);
            }
        }
        for (Map.Entry<Integer, List<Sent>> head : byHead.entrySet()) {
            NodeInfo node = routing.node(head.getKey()).orElse(null);
            if (node == null) {
                head.getValue()
                        .forEach(sent -> sent.failure = failure("node " + head.getKey() + " is not in " + routing));
            } else {
                call(routing, node, head.getValue(), age);
            }
        }
    }

    private void call(Routing routing, NodeInfo node, List<Sent> batch, Duration age)
            throws IOException, InterruptedException {
        List<UpdateRequest> updates =
                batch.stream().map(sent -> request(routing, sent, age)).toList();
        try {
            List<UpdateResult> results = Context.current()
                    .withTimeout(config.callTimeout(), environment.clock())
                    .call(() -> nodes.storage(node).updateAll(new UpdateBatchRequest(updates)))
                    .results();
            for (int i = 0; i < batch.size(); i++) {
                take(batch.get(i), i < results.size() ? results.get(i) : null);
            }
        } catch (RpcException e) {
            if (!Attempts.mayPass(e)) {
                throw Attempts.describe("change of " + batch.size() + " chunks", e);
            }
            batch.forEach(sent -> sent.failure = failure(e.getMessage()));
        }
    }

    private static UpdateRequest request(Routing routing, Sent sent, Duration age) {
        int version = routing.chain(sent.change.chainId()).map(Chain::version).orElse(0);
        ChainRef chain = new ChainRef(sent.change.chainId(), version);
        return new UpdateRequest(
                chain, sent.change.chunk(), sent.tag, sent.change.operation().get(), age);
    }

    private static void take(Sent sent, @Nullable UpdateResult result) {
        switch (result) {
            case UpdateResult.Done(UpdateReply reply) -> sent.reply = reply;
            case UpdateResult.Failed(StorageFault fault) -> sent.failure = new StorageException(fault);
            case null -> sent.failure = failure("the server did not answer for chunk " + sent.change.chunk());
        }
    }

    private static StorageException failure(@Nullable String why) {
        return new StorageException(new StorageFault(StorageFault.Kind.NOT_SERVING, 0, String.valueOf(why)));
    }
}
