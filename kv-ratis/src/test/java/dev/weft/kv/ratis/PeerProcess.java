package dev.weft.kv.ratis;

import dev.weft.kv.StoreAdmin;
import dev.weft.kv.StoreAdminRpc;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreServer;
import dev.weft.kv.StoreServiceRpc;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** A process that is one peer, to be killed. */
final class PeerProcess implements AutoCloseable {
    final String address;
    private final Process process;

    private PeerProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    static PeerProcess start(Path folder, String id, List<RatisPeer> peers, String listen) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.util.logging.config.file=" + System.getProperty("java.util.logging.config.file", ""),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PeerProcess.class.getName(),
                        folder.toString(),
                        id,
                        peers.stream().map(RatisPeer::toString).collect(Collectors.joining(",")),
                        listen)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        if (line == null) {
            throw new IOException("peer " + id + " ended before it was ready");
        }
        return new PeerProcess(process, line);
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
        process.toHandle().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] args) throws Exception {
        RatisKeyValueStore store = RatisKeyValueStore.open(
                RatisConfig.of(Path.of(args[0]), args[1], RatisPeer.parseAll(args[2]))
                        .withSnapshotEntries(500),
                StoreLimits.defaults(),
                Environment.system());
        RpcServer server = RpcServer.builder()
                .bind(StoreServiceRpc.SERVICE, new StoreServer(store, Environment.system()))
                .bind(StoreAdminRpc.SERVICE, (StoreAdmin) store)
                .listen(args[3])
                .start();
        System.out.println(server.address());
        // Ends with the process that started it, whose end of the pipe closes then.
        Thread.ofPlatform().daemon().start(() -> {
            try {
                if (System.in.read() < 0) {
                    Runtime.getRuntime().halt(1);
                }
            } catch (IOException e) {
                Runtime.getRuntime().halt(1);
            }
        });
        new CountDownLatch(1).await();
    }
}
