package dev.weft.cli.torture;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.StorageService;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks a replica that is frozen for chunks, with the version that its chain had before. The questions are there when it goes
 * on, and others have changed the chunks meanwhile: it must refuse, or answer with what is right now.
 */
final class FrozenReplica {
    private static final int QUESTIONS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ClusterView view;
    private final Ledger ledger;

    FrozenReplica(ClusterView view, Ledger ledger) {
        this.view = view;
        this.ledger = ledger;
    }

    Routing routing() {
        return view.routing();
    }

    /** Sends the questions, and returns at once. */
    Asked ask(int nodeId, Routing before) {
        Environment environment = view.environment();
        Optional<NodeInfo> node = before.node(nodeId);
        List<TrackedChunk> chunks = new ArrayList<>(ledger.chunks.all());
        Collections.shuffle(chunks, new Random(nodeId));
        List<Thread> threads = new ArrayList<>();
        Asked asked = new Asked(threads);
        for (TrackedChunk chunk : chunks) {
            Optional<Chain> chain = before.chain(chunk.chainId);
            Optional<ChainTarget> target = chain.stream()
                    .flatMap(each -> each.targets().stream())
                    .filter(each -> each.nodeId() == nodeId)
                    .findAny();
            if (threads.size() < QUESTIONS && node.isPresent() && target.isPresent()) {
                ChainRef ref = new ChainRef(chunk.chainId, chain.get().version());
                ReadPiece piece =
                        new ReadPiece(ref, target.get().targetId(), chunk.id, 0, TrackedChunk.BYTES, Optional.empty());
                CountDownLatch begun = new CountDownLatch(1);
                Thread thread = environment
                        .threads()
                        .newThread(() -> ask(view.storage(node.get()), chunk, piece, begun, asked));
                thread.start();
                threads.add(thread);
                awaitQuietly(begun);
            }
        }
        return asked;
    }

    private static void awaitQuietly(CountDownLatch begun) {
        try {
            begun.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(StorageService replica, TrackedChunk chunk, ReadPiece piece, CountDownLatch begun, Asked asked) {
        try (var read = chunk.timeline.read()) {
            begun.countDown();
            ReadResult result = Context.current()
                    .withTimeout(PATIENCE, view.environment().clock())
                    .call(() -> replica.read(new ReadRequest(List.of(piece))))
                    .results()
                    .getFirst();
            if (result instanceof ReadResult.Failed(var fault)) {
                asked.count(fault.kind().name());
                return;
            }
            asked.count("answered");
            chunk.judge(read, 0, TrackedChunk.BLOCKS, result);
        } catch (RpcException e) {
            asked.count(e.code().name());
        } catch (WrongBytesException e) {
            ledger.wrong("a replica that was frozen answered: " + e.getMessage());
        }
    }

    /** Questions on their way. */
    static final class Asked {
        private final List<Thread> threads;
        private final Map<String, AtomicInteger> outcomes = new ConcurrentSkipListMap<>();

        private Asked(List<Thread> threads) {
            this.threads = threads;
        }

        private void count(String outcome) {
            outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
        }

        /** Waits for all answers, and says of which kinds they were. */
        String outcome(String name) throws InterruptedException {
            for (Thread thread : threads) {
                thread.join();
            }
            StringBuilder text = new StringBuilder(name + " goes on; what it was asked meanwhile:");
            outcomes.forEach((outcome, count) -> text.append(' ')
                    .append(outcome.toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(' ')
                    .append(count)
                    .append(','));
            text.setLength(text.length() - 1);
            return text.toString();
        }
    }
}
