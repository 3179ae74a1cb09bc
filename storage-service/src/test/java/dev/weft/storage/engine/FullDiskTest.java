package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is really full: a small file system in memory, which a process sees in a name space of its own. Where the system
 * allows no such thing nothing is tested, and the output says so.
 */
final class FullDiskTest {
    private static final List<String> NAMESPACE = List.of("unshare", "--user", "--map-root-user", "--mount", "--");

    @TempDir
    Path folder;

    @Test
    void anIndexThatCouldNotBeWrittenWorksAgainAfterAReloadAndCanBeOpenedWhileTheDiskIsFull() throws Exception {
        if (!run("true").endsWith("mounted\n")) {
            System.out.println("skipped: no file system can be mounted here without privileges");
            return;
        }
        String output = run(String.join(
                " ",
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                EngineCrashTest.classPath(),
                FullDiskWriter.class.getName(),
                folder.toString()));
        assertTrue(output.contains("the index fails: "), output);
        assertTrue(output.endsWith("done\n"), output);
    }

    private String run(String command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(NAMESPACE);
        all.addAll(List.of(
                "sh", "-c", "mount -t tmpfs -o size=96m weft " + folder + " && echo mounted && exec " + command));
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } catch (IOException e) {
            return "cannot start " + all.getFirst() + ": " + e.getMessage();
        }
    }
}
