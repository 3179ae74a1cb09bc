package dev.weft.simulation;

import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;
import dev.weft.client.ChunkClient;
import dev.weft.client.ReplicaChoice;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One thread of a client: an operation on some chunk, a pause, the next one. */
final class Workload implements Runnable {
    private static final System.Logger LOG = System.getLogger(Workload.class.getName());
    private static final int WRITE_MAX = 6000;
    private static final int LENGTH_MAX = 20_000;
    /** What failed may happen later, and many such operations at a time have very many possible orders. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(4);

    private static final Duration PAUSE_MAX = Duration.ofMillis(700);

    private final World world;
    private final Environment environment;
    private final ChunkClient chunks;
    private final RoutingFollower follower;
    private final RandomGenerator random;

    Workload(World world, Environment environment, ChunkClient chunks, RoutingFollower follower) {
        this.world = world;
        this.environment = environment;
        this.chunks = chunks;
        this.follower = follower;
        this.random = environment.random();
    }

    @Override
    public void run() {
        try {
            while (follower.current().chains().isEmpty() && world.working) {
                environment.clock().sleep(Duration.ofMillis(50));
            }
            while (world.working) {
                if (step(World.CHUNKS.get(random.nextInt(World.CHUNKS.size()))) == null) {
                    environment.clock().sleep(PAUSE_AFTER_FAILURE);
                }
                environment.clock().sleep(Duration.ofNanos(random.nextLong(PAUSE_MAX.toNanos())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            world.fail("a client broke", e);
        }
    }

    private Operation.@Nullable Answer step(World.Place place) throws InterruptedException {
        int dice = random.nextInt(100);
        if (dice < 35) {
            return perform(place, new Operation.Read(random.nextInt(4) == 0 ? random.nextInt(3000) : 0, LENGTH_MAX));
        } else if (dice < 60) {
            return perform(place, new Operation.Write(random.nextInt(8) * 512, bytes()));
        } else if (dice < 70) {
            return writeTogether();
        } else if (dice < 85) {
            return append(place);
        } else if (dice < 93) {
            return perform(place, new Operation.Truncate(random.nextInt(5000)));
        } else {
            return perform(place, new Operation.Remove());
        }
    }

    private Operation.@Nullable Answer append(World.Place place) throws InterruptedException {
        Operation.Answer answer = perform(place, new Operation.Read(0, 1));
        int end = answer instanceof Operation.Answer.Bytes(ReadResult.Found found) ? found.chunkLength() : 0;
        return perform(place, new Operation.Write(end < LENGTH_MAX ? end : 0, bytes()));
    }

    /** Writes all chunks with one request to each head; an answer if all of them are known. */
    private Operation.@Nullable Answer writeTogether() throws InterruptedException {
        List<History.Entry> entries = new ArrayList<>();
        List<ChunkClient.Write> writes = new ArrayList<>();
        for (World.Place place : World.CHUNKS) {
            Operation.Write write = new Operation.Write(random.nextInt(8) * 512, bytes());
            entries.add(world.history()
                    .call(place.chunk(), write, Thread.currentThread().getName(), world.now()));
            writes.add(new ChunkClient.Write(
                    place.chainId(), place.chunk(), World.CHUNK_SIZE, write.offset(), write.bytes()));
        }
        try {
            List<UpdateReply> replies = chunks.writeAll(writes);
            Operation.@Nullable Answer last = null;
            for (int i = 0; i < replies.size(); i++) {
                last = new Operation.Answer.Changed(replies.get(i));
                world.history().answered(entries.get(i), last, world.now());
            }
            world.coverage().count("client.wrote-together");
            return last;
        } catch (IOException e) {
            world.coverage().count("client.gave-up");
            LOG.log(System.Logger.Level.INFO, () -> "a write of all chunks failed: " + e.getMessage());
            return null;
        }
    }

    private byte[] bytes() {
        byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 300 : WRITE_MAX)];
        random.nextBytes(bytes);
        return bytes;
    }

    private Operation.@Nullable Answer perform(World.Place place, Operation operation) throws InterruptedException {
        return perform(world, chunks, place, operation, new ReplicaChoice.Any());
    }

    /** Does it, and writes down what came of it; null if nobody knows. */
    static Operation.@Nullable Answer perform(
            World world, ChunkClient chunks, World.Place place, Operation operation, ReplicaChoice replica)
            throws InterruptedException {
        History.Entry entry = world.history()
                .call(place.chunk(), operation, Thread.currentThread().getName(), world.now());
        try {
            Operation.Answer answer = switch (operation) {
                case Operation.Write(int offset, byte[] bytes) ->
                    new Operation.Answer.Changed(
                            chunks.write(place.chainId(), place.chunk(), World.CHUNK_SIZE, offset, bytes));
                case Operation.Truncate(int length) ->
                    new Operation.Answer.Changed(
                            chunks.truncate(place.chainId(), place.chunk(), World.CHUNK_SIZE, length));
                case Operation.Remove() -> new Operation.Answer.Changed(chunks.remove(place.chainId(), place.chunk()));
                case Operation.Read(int offset, int length) ->
                    new Operation.Answer.Bytes(chunks.read(place.chainId(), place.chunk(), offset, length, replica));
            };
            world.history().answered(entry, answer, world.now());
            return answer;
        } catch (IOException e) {
            world.coverage().count("client.gave-up");
            LOG.log(System.Logger.Level.INFO, () -> operation + " of " + place + " failed: " + e.getMessage());
            return null;
        }
    }
}
