package dev.weft.simulation;

import dev.weft.api.cluster.ClusterManager;
import dev.weft.api.cluster.ClusterManagerRpc;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.api.cluster.routing.PrimaryManager;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.BufferPoolConfig;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.spi.TransportConfig;
import dev.weft.rpc.testkit.SimulatedProcess;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A machine, and the process on it while there is one: started, killed and started again. */
abstract class Node {
    /** Small, as what a killed process had in use is never given back. */
    private static final BufferPoolConfig BUFFERS = new BufferPoolConfig(1 << 20, 64 << 10);

    private static final TransportConfig TRANSPORT =
            TransportConfig.defaults().withKeepAlive(Duration.ofMillis(1500), Duration.ofMillis(500));

    /** As of bad quartz, per million. */
    private static final int DRIFT_MAX = 2000;

    /** How long one manager may take to answer. */
    static final Duration MANAGER_PATIENCE = Duration.ofMillis(600);

    final World world;
    final String name;
    private final int driftPerMillion;
    private @Nullable SimulatedProcess process;
    int incarnation;

    Node(World world, String name) {
        this.world = world;
        this.name = name;
        this.driftPerMillion = drift(world.random());
    }

    /** By how much the clock of its processes goes wrong, per million. */
    int drift(RandomGenerator random) {
        return random.nextInt(-DRIFT_MAX, DRIFT_MAX + 1);
    }

    final String address() {
        return "mem://" + name;
    }

    final boolean isRunning() {
        SimulatedProcess current = process;
        return current != null && current.isAlive();
    }

    /** Starts a process, which goes on by itself. */
    final void start() {
        if (isRunning()) {
            return;
        }
        incarnation++;
        SimulatedProcess next = world.simulation().process(driftPerMillion);
        process = next;
        Environment environment = next.environment();
        environment
                .threads()
                .newThread(() -> {
                    try {
                        run(environment);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (AssertionError e) {
                        world.fail(String.valueOf(e.getMessage()), e.getCause());
                    } catch (Exception e) {
                        world.fail(name + " cannot start", e);
                    }
                })
                .start();
    }

    /** Ends the process wherever it is. */
    void kill() {
        SimulatedProcess current = process;
        if (current != null && current.isAlive()) {
            current.kill();
            world.network().cut(name);
        }
    }

    /** Holds the process still, as a stop signal does. */
    final void pause() {
        SimulatedProcess current = process;
        if (current != null) {
            current.pause();
        }
    }

    final void resume() {
        SimulatedProcess current = process;
        if (current != null) {
            current.resume();
        }
    }

    /** What the process does first, on its first thread. */
    abstract void run(Environment environment) throws Exception;

    final BufferPool buffers(Environment environment) {
        return new BufferPool(BUFFERS, environment);
    }

    final RpcClient client(Environment environment, BufferPool buffers) {
        return RpcClient.builder()
                .environment(environment)
                .buffers(buffers)
                .transport(world.network().node(name))
                .config(ClientConfig.defaults().withRetry(RetryPolicy.none()).withTransport(TRANSPORT))
                .build();
    }

    final RpcServer.Builder server(Environment environment, BufferPool buffers) {
        return RpcServer.builder()
                .environment(environment)
                .buffers(buffers)
                .transport(world.network().node(name))
                .config(dev.weft.rpc.ServerConfig.defaults().withTransport(TRANSPORT))
                .listen(address());
    }

    final ClusterManager manager(RpcClient client, Environment environment) {
        return new PrimaryManager(new PrimaryFinder<>(
                world.managerAddresses(),
                address -> client.stub(ClusterManagerRpc.SERVICE, address),
                MANAGER_PATIENCE,
                environment.clock()));
    }
}
