package dev.weft.simulation;

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
public abstract class Node {
    /** Small, as what a killed process had in use is never given back. */
    private static final BufferPoolConfig BUFFERS = new BufferPoolConfig(1 << 20, 64 << 10);

    private static final TransportConfig TRANSPORT =
            TransportConfig.defaults().withKeepAlive(Duration.ofMillis(1500), Duration.ofMillis(500));

    /** As of bad quartz, per million. */
    private static final int DRIFT_MAX = 2000;

    private final Site site;
    public final String name;
    private final int driftPerMillion;
    private @Nullable SimulatedProcess process;
    protected int incarnation;

    protected Node(Site site, String name) {
        this(site, name, drift(site.simulation().environment().random()));
    }

    /** @param driftPerMillion by how much the clock of its processes goes wrong */
    protected Node(Site site, String name, int driftPerMillion) {
        this.site = site;
        this.name = name;
        this.driftPerMillion = driftPerMillion;
    }

    /** As of a clock that is no worse than most, per million. */
    protected static int drift(RandomGenerator random) {
        return random.nextInt(-DRIFT_MAX, DRIFT_MAX + 1);
    }

    public final String address() {
        return "mem://" + name;
    }

    public final boolean isRunning() {
        SimulatedProcess current = process;
        return current != null && current.isAlive();
    }

    /** Starts a process, which goes on by itself. */
    public final void start() {
        if (isRunning()) {
            return;
        }
        incarnation++;
        SimulatedProcess next = site.simulation().process(driftPerMillion);
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
                        site.fail(String.valueOf(e.getMessage()), e.getCause());
                    } catch (Exception e) {
                        site.fail(name + " cannot start", e);
                    }
                })
                .start();
    }

    /** Ends the process wherever it is. */
    public void kill() {
        SimulatedProcess current = process;
        if (current != null && current.isAlive()) {
            current.kill();
            site.network().cut(name);
        }
    }

    /** Holds the process still, as a stop signal does. */
    public final void pause() {
        SimulatedProcess current = process;
        if (current != null) {
            current.pause();
        }
    }

    public final void resume() {
        SimulatedProcess current = process;
        if (current != null) {
            current.resume();
        }
    }

    /** What the process does first, on its first thread. */
    protected abstract void run(Environment environment) throws Exception;

    protected final BufferPool buffers(Environment environment) {
        return new BufferPool(BUFFERS, environment);
    }

    protected final RpcClient client(Environment environment, BufferPool buffers) {
        return RpcClient.builder()
                .environment(environment)
                .buffers(buffers)
                .transport(site.network().node(name))
                .config(ClientConfig.defaults().withRetry(RetryPolicy.none()).withTransport(TRANSPORT))
                .build();
    }

    protected final RpcServer.Builder server(Environment environment, BufferPool buffers) {
        return RpcServer.builder()
                .environment(environment)
                .buffers(buffers)
                .transport(site.network().node(name))
                .config(dev.weft.rpc.ServerConfig.defaults().withTransport(TRANSPORT))
                .listen(address());
    }
}
