package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

/** A process that writes is killed with SIGKILL; what it had acknowledged must be there. */
final class EngineCrashTest {
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 400;

    @TempDir
    Path folder;

    @RepeatedTest(3)
    void everyAcknowledgedWriteSurvivesTheKill() throws Exception {
        Map<Integer, Long> acknowledged = new HashMap<>();
        Process writer = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-cp",
                        classPath(),
                        CrashWriter.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = writer.inputReader(StandardCharsets.UTF_8)) {
            int lines = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ", -1);
                // A line that the kill cut in two has no end mark.
                if (words.length == 3 && words[2].equals(".")) {
                    acknowledged.merge(Integer.valueOf(words[0]), Long.valueOf(words[1]), Math::max);
                }
                if (++lines == ACKNOWLEDGED_BEFORE_THE_KILL) {
                    writer.toHandle().destroyForcibly();
                }
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertTrue(acknowledged.size() > 1, "the writer acknowledged " + acknowledged);
        check(acknowledged);
    }

    private void check(Map<Integer, Long> acknowledged) throws IOException {
        try (FileDisk disk = FileDisk.open(folder);
                ChunkEngine engine = CrashWriter.open(disk)) {
            for (Map.Entry<Integer, Long> entry : acknowledged.entrySet()) {
                int chunk = entry.getKey();
                long step = entry.getValue();
                byte[] found = read(engine, CrashWriter.key(chunk));
                byte[] last = CrashWriter.content(chunk, step);
                if (!Arrays.equals(last, found)) {
                    // Or the change that was on its way, as a whole.
                    byte[] next = CrashWriter.content(chunk, step + 1);
                    assertTrue(
                            Arrays.equals(next, found),
                            "chunk " + chunk + " is as after neither step " + step + " nor the next");
                }
            }
        }
    }

    private static byte @Nullable [] read(ChunkEngine engine, ChunkKey key) throws IOException {
        try (ChunkReader reader = engine.openCommitted(key)) {
            if (reader == null) {
                return null;
            }
            byte[] bytes = new byte[reader.version().length()];
            reader.read(MemorySegment.ofArray(bytes));
            return bytes;
        }
    }

    static String classPath() {
        return Stream.of(CrashWriter.class, FileChunkEngine.class, RocksDB.class, Nullable.class)
                .map(type -> Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + seed);
        }
        return bytes;
    }
}
