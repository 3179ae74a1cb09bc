package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands against a cluster in this process, over TCP. */
final class WeftTest {
    @TempDir
    static Path folder;

    private static String address = "";
    private static @Nullable RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        address = "tcp://127.0.0.1:" + freePort();
        server = RunningServer.start(ServerSettings.of(
                Map.of("role", "all", "data", folder.resolve("cluster").toString(), "listen", address)));
        while (run("cluster", "status").exitCode() != 0) {
            Clock.system().sleep(Duration.ofMillis(50));
        }
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(server).close();
    }

    @Test
    void aTreeGoesInAndComesOutAgain() throws IOException {
        Path tree = Files.createDirectories(folder.resolve("tree/deep"));
        byte[] large = new byte[(3 << 20) + 5];
        new Random(1).nextBytes(large);
        Files.write(tree.resolve("large"), large);
        Files.writeString(tree.resolve("small"), "hello");
        Files.createFile(tree.resolve("empty"));
        ok("fs", "mkdir", "-p", "/in/a");
        ok("fs", "put", "-r", folder.resolve("tree").toString(), "/in/a");
        assertEquals("hello", ok("fs", "cat", "/in/a/tree/deep/small"));
        assertEquals("empty\nlarge\nsmall\n", ok("fs", "ls", "/in/a/tree/deep"));
        assertTrue(ok("fs", "ls", "--json", "/in/a/tree/deep").contains("\"path\":\"/in/a/tree/deep/large\""));
        assertTrue(ok("fs", "du", "/in").contains("(3145738 bytes) in 3 files"));
        Path out = Files.createDirectories(folder.resolve("out"));
        ok("fs", "get", "-r", "/in/a/tree", out.toString());
        assertArrayEquals(large, Files.readAllBytes(out.resolve("tree/deep/large")));
        assertEquals("hello", Files.readString(out.resolve("tree/deep/small")));
        assertEquals(0, Files.size(out.resolve("tree/deep/empty")));
    }

    @Test
    void checksWhatIsThere() throws IOException {
        Path file = Files.writeString(folder.resolve("sound"), "sound");
        ok("fs", "mkdir", "/sound");
        ok("fs", "put", file.toString(), "/sound/file");
        assertEquals("the file system is sound\n", ok("fsck"));
        assertEquals(
                "{\"sound\":true,\"findingCount\":0,\"repairedCount\":0,\"kinds\":{},\"findings\":[]}\n",
                ok("fsck", "--json", "--repair"));
        ok("fs", "rm", "-r", "/sound");
    }

    @Test
    void moveAndRemove() throws IOException {
        Path file = Files.writeString(folder.resolve("note"), "note");
        ok("fs", "mkdir", "-p", "/mv/dir");
        ok("fs", "put", file.toString(), "/mv/one");
        ok("fs", "mv", "/mv/one", "/mv/dir");
        assertTrue(ok("fs", "stat", "/mv/dir/one").contains("length       4"));
        assertEquals(Failures.FAILED, run("fs", "rm", "/mv/dir").exitCode(), "not empty");
        ok("fs", "rm", "/mv/dir/one");
        ok("fs", "rm", "-r", "/mv");
        assertEquals(Failures.NOT_FOUND, run("fs", "stat", "/mv").exitCode());
        ok("fs", "rm", "-f", "/mv");
    }

    @Test
    void linksAndPermissions() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "secret");
        ok("fs", "mkdir", "/perm");
        ok("fs", "chmod", "0777", "/perm");
        ok("fs", "put", "--as", "1000:100,7", file.toString(), "/perm/f");
        ok("fs", "chmod", "--as", "1000", "0640", "/perm/f");
        ok("fs", "chown", "--as", "1000:100,7", ":7", "/perm/f");
        assertTrue(ok("fs", "ls", "-l", "/perm").startsWith("-rw-r-----    1  1000     7            6 "));
        Outcome denied = run("fs", "cat", "--as", "1001:100", "/perm/f");
        assertEquals(Failures.FAILED, denied.exitCode());
        assertTrue(denied.errors().contains("/perm/f: permission denied"), denied.errors());
        assertEquals("secret", ok("fs", "cat", "--as", "1001:7", "/perm/f"));
        ok("fs", "ln", "/perm/f", "/perm/g");
        ok("fs", "ln", "-s", "../perm/f", "/perm/s");
        assertTrue(ok("fs", "ls", "-l", "/perm").contains("s -> ../perm/f"));
        assertEquals("secret", ok("fs", "cat", "--as", "0", "/perm/s"));
        assertEquals("/perm/f", ok("fs", "realpath", "/perm/s").trim());
        assertTrue(ok("fs", "stat", "/perm/g").contains("links        2"));
        assertTrue(ok("fs", "stat", "/perm/s").contains("type         symlink"));
        assertTrue(run("fs", "mv", "-n", "--as", "0", "/perm/f", "/perm/g").exitCode() != 0);
        ok("fs", "xattr", "--as", "1000", "/perm/f", "--set", "user.kind", "note");
        assertEquals("user.kind=note", ok("fs", "xattr", "--as", "0", "/perm/g").trim());
        ok("fs", "touch", "--as", "0", "/perm/new");
        ok("fs", "mv", "--as", "0", "--exchange", "/perm/f", "/perm/new");
        assertEquals("secret", ok("fs", "cat", "--as", "0", "/perm/new"));
        Path out = Files.createDirectories(folder.resolve("perm-out"));
        ok("fs", "get", "-r", "--as", "0", "/perm", out.toString());
        assertEquals(Path.of("../perm/f"), Files.readSymbolicLink(out.resolve("perm/s")));
        ok("fs", "rm", "-r", "--as", "0", "/perm");
    }

    @Test
    void quotasAndLayouts() throws IOException {
        Path file = Files.writeString(folder.resolve("small"), "12345");
        ok("fs", "mkdir", "/limited");
        ok("fs", "quota", "/limited", "--as", "0", "--inodes", "1", "--bytes", "10");
        ok("fs", "layout", "/limited", "--chunk-size", "65536", "--stripes", "1");
        ok("fs", "put", file.toString(), "/limited/f");
        assertEquals(
                List.of("inodes  1 of 1", "bytes   5 of 10"),
                ok("fs", "quota", "/limited/f").lines().toList());
        assertTrue(ok("fs", "stat", "/limited/f").contains("chunk size   64.0 KiB"));
        Outcome refused = run("fs", "put", file.toString(), "/limited/g");
        assertEquals(Failures.FAILED, refused.exitCode());
        assertTrue(refused.errors().contains("quota exceeded"), refused.errors());
        ok("fs", "rm", "-r", "/limited");
    }

    @Test
    void failuresSayWhatToDo() {
        Outcome missing = run("fs", "cat", "/nothing");
        assertEquals(Failures.NOT_FOUND, missing.exitCode());
        assertTrue(missing.errors().contains("/nothing"), missing.errors());
        assertTrue(missing.errors().contains("weft fs ls"), missing.errors());
        Outcome folderWithoutR = run("fs", "put", folder.toString(), "/x");
        assertEquals(Failures.WRONG_USAGE, folderWithoutR.exitCode());
        assertTrue(folderWithoutR.errors().contains("-r copies it"), folderWithoutR.errors());
        assertEquals(2, run("fs", "nonsense").exitCode());
        assertEquals(2, run("server", "--role", "boss").exitCode());
    }

    @Test
    void aClusterThatDoesNotAnswerHasItsOwnExitCode() throws IOException {
        Outcome outcome = Outcome.of("fs", "ls", "--cluster", "tcp://127.0.0.1:" + freePort());
        assertEquals(Failures.NO_CLUSTER, outcome.exitCode());
        assertTrue(outcome.errors().contains("weft up"), outcome.errors());
    }

    @Test
    void everyCommandHasHelp() {
        assertHelp(Weft.commandLine());
    }

    private static void assertHelp(CommandLine line) {
        assertTrue(
                line.getCommandSpec().usageMessage().description().length > 0,
                line.getCommandName() + " has no description");
        line.getCommandSpec()
                .options()
                .forEach(
                        option -> assertTrue(option.description().length > 0 || option.hidden(), option.longestName()));
        line.getSubcommands().values().forEach(WeftTest::assertHelp);
    }

    private static String ok(String... arguments) {
        Outcome outcome = run(arguments);
        assertEquals(0, outcome.exitCode(), outcome.errors());
        return outcome.output();
    }

    private static Outcome run(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        boolean takesCluster = arguments[0].equals("fsck")
                || (!arguments[0].equals("server") && arguments.length > 1 && !arguments[1].equals("nonsense"));
        if (!takesCluster) {
            return Outcome.of(arguments);
        }
        all[arguments.length] = "--cluster";
        all[arguments.length + 1] = address;
        return Outcome.of(all);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
