package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.client.User;
import dev.weft.gateway.ThriftGateway;
import dev.weft.gateway.generated.Fault;
import dev.weft.gateway.generated.FaultKind;
import dev.weft.gateway.generated.FileInfo;
import dev.weft.gateway.generated.FileKind;
import dev.weft.gateway.generated.Listing;
import dev.weft.gateway.generated.WeftFs;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.thrift.ThriftClient;
import dev.weft.rpc.thrift.ThriftPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files through {@code weftfs.thrift}, against servers in this process. */
final class ThriftGatewayTest {
    @TempDir
    static Path folder;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static String gateway = "";
    private static WeftFs.Iface fs = unset();

    @SuppressWarnings("NullAway") // until the servers run
    private static WeftFs.Iface unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        String manager = "tcp://127.0.0.1:" + WeftTest.freePort();
        server(Map.of("role", "manager", "replicas", "1", "targets", "2", "listen", manager));
        server(Map.of("role", "meta", "node-id", "1", "manager", manager, "listen", freeAddress()));
        server(Map.of("role", "storage", "node-id", "11", "targets", "2", "manager", manager, "listen", freeAddress()));
        while (!Outcome.of("cluster", "chains", "--json", "--cluster", manager)
                .output()
                .contains("\"state\":\"serving\"")) {
            Clock.system().sleep(Duration.ofMillis(50));
        }
        ClusterConnection connection = ClusterConnection.open(manager);
        OPEN.add(connection);
        ThriftGateway thrift = new ThriftGateway(connection.fileSystem(User.ROOT), connection.environment());
        OPEN.add(thrift);
        RpcServer server =
                thrift.addTo(RpcServer.builder()).listen("tcp://127.0.0.1:0").start();
        OPEN.add(server);
        gateway = server.address();
        ThriftPeer peer = ThriftPeer.of(gateway);
        OPEN.add(peer);
        fs = ThriftClient.of(ThriftGateway.SERVICE, WeftFs.Client::new, peer).get();
    }

    private static String freeAddress() throws IOException {
        return "tcp://127.0.0.1:" + WeftTest.freePort();
    }

    private static void server(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("data", folder.resolve("s" + OPEN.size()).toString());
        OPEN.add(RunningServer.start(ServerSettings.of(all)));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : OPEN.reversed()) {
            one.close();
        }
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 10));
        }
        return bytes;
    }

    private static void write(String path, byte[] bytes) throws Exception {
        long handle = fs.create(path, false);
        int half = bytes.length / 2;
        fs.write(handle, 0, ByteBuffer.wrap(bytes, 0, half));
        fs.write(handle, half, ByteBuffer.wrap(bytes, half, bytes.length - half));
        FileInfo info = fs.close(handle);
        assertEquals(bytes.length, info.length);
        assertEquals(FileKind.FILE, info.kind);
    }

    private static FaultKind fault(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(Fault.class, call).kind;
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        byte[] bytes = pattern(3_000_001);
        write("/file", bytes);
        ByteBuffer all = fs.read("/file", 0, 8 << 20);
        assertEquals(ByteBuffer.wrap(bytes), all);
        assertEquals(ByteBuffer.wrap(bytes, 1000, 5000), fs.read("/file", 1000, 5000));
        assertEquals(1, fs.read("/file", 3_000_000, 100).remaining());
        assertEquals(0, fs.read("/file", 3_000_001, 100).remaining());
        assertEquals(3_000_001, fs.stat("/file").length);
        assertEquals("file", fs.stat("/file").name);
    }

    @Test
    void directoriesAreListedInPages() throws Exception {
        fs.makeDirectory("/list/deep", true);
        for (String name : List.of("a", "b", "c")) {
            write("/list/" + name, pattern(10));
        }
        Listing first = fs.listDirectory("/list", "", 2);
        assertEquals(
                List.of("a", "b"), first.entries.stream().map(one -> one.name).toList());
        assertTrue(first.more);
        Listing rest = fs.listDirectory("/list", "b", 10);
        assertEquals(
                List.of("c", "deep"), rest.entries.stream().map(one -> one.name).toList());
        assertFalse(rest.more);
        assertEquals(FileKind.DIRECTORY, rest.entries.getLast().kind);
    }

    @Test
    void namesAreChangedAndRemoved() throws Exception {
        fs.makeDirectory("/names", false);
        write("/names/old", pattern(5));
        fs.rename("/names/old", "/names/new");
        assertEquals(5, fs.stat("/names/new").length);
        assertEquals(FaultKind.NOT_FOUND, fault(() -> fs.stat("/names/old")));
        assertEquals(FaultKind.NOT_EMPTY, fault(() -> fs.remove("/names", false)));
        fs.remove("/names/new", false);
        fs.remove("/names", false);
        assertEquals(FaultKind.NOT_FOUND, fault(() -> fs.stat("/names")));
        fs.makeDirectory("/names/again/and/again", true);
        fs.remove("/names", true);
    }

    @Test
    void faultsSayWhatIsWrong() throws Exception {
        write("/there", pattern(1));
        assertEquals(FaultKind.EXISTS, fault(() -> fs.create("/there", true)));
        assertEquals(FaultKind.NOT_A_DIRECTORY, fault(() -> fs.stat("/there/below")));
        assertEquals(FaultKind.INVALID, fault(() -> fs.stat("there")));
        assertEquals(FaultKind.INVALID, fault(() -> fs.read("/there", -1, 1)));
        assertEquals(FaultKind.INVALID, fault(() -> fs.read("/there", 0, 1 << 30)));
        assertEquals(FaultKind.INVALID, fault(() -> fs.listDirectory("/", "", 0)));
        assertEquals(FaultKind.NO_HANDLE, fault(() -> fs.write(12, 0, ByteBuffer.allocate(1))));
        assertEquals(FaultKind.NO_HANDLE, fault(() -> fs.close(12)));
    }

    @Test
    void bytesAreNeitherWrittenTwiceNorLeftOut() throws Exception {
        long handle = fs.create("/strict", false);
        fs.write(handle, 0, ByteBuffer.wrap(pattern(10)));
        assertEquals(FaultKind.INVALID, fault(() -> fs.write(handle, 0, ByteBuffer.wrap(pattern(10)))));
        assertEquals(FaultKind.INVALID, fault(() -> fs.write(handle, 11, ByteBuffer.wrap(pattern(10)))));
        assertEquals(10, fs.close(handle).length);
        assertEquals(FaultKind.NO_HANDLE, fault(() -> fs.close(handle)));
    }

    @Test
    void weftClientsCallTheSameService() throws Exception {
        write("/same", pattern(77));
        try (RpcClient client = RpcClient.create()) {
            WeftFs.Iface over = ThriftClient.of(ThriftGateway.SERVICE, WeftFs.Client::new, client.peer(gateway))
                    .get();
            assertEquals(77, over.stat("/same").length);
        }
    }

    @Test
    void thePythonExampleCopiesAFileInAndOut() throws Exception {
        assumeTrue(
                outcome(Map.of(), "/usr/bin/python3", "-c", "import thrift").isEmpty()
                        && outcome(Map.of(), "thrift", "--version").startsWith("Thrift"),
                "skipped: the Python example, as there is no thrift-compiler or no python3-thrift");
        Path generated = Files.createDirectory(folder.resolve("python"));
        outcome(
                Map.of(),
                "thrift",
                "--gen",
                "py",
                "-out",
                generated.toString(),
                "../gateway/src/main/thrift/weftfs.thrift");
        Path source = Files.write(folder.resolve("source"), pattern(9_000_000));
        Path target = folder.resolve("target");
        assertEquals("/copied: 9000000 bytes\n", example(generated, "put", source.toString(), "/copied"));
        assertEquals(target + ": 9000000 bytes\n", example(generated, "get", "/copied", target.toString()));
        assertArrayEquals(Files.readAllBytes(source), Files.readAllBytes(target));
        assertTrue(example(generated, "ls", "/").contains("9000000  copied\n"));
        assertTrue(example(generated, "get", "/absent", target.toString()).startsWith("NOT_FOUND: "));
    }

    private static String example(Path generated, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/python3",
                "../examples/thrift-python/weftfs_copy.py",
                "--gateway",
                gateway.substring("tcp://".length())));
        command.addAll(List.of(arguments));
        return outcome(Map.of("WEFTFS_GENERATED", generated.toString()), command.toArray(String[]::new));
    }

    /** What a program prints; that it is missing counts as a line. */
    private static String outcome(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return e + "\n";
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return output;
    }
}
