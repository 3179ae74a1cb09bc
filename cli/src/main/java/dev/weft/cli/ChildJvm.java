package dev.weft.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How to start this program once more, as a small server. */
public final class ChildJvm {
    /**
     * Five of them share a small machine: a serial collector and small heaps, as the bytes of files are outside of the
     * heap. Compact headers and a small code cache save the rest.
     */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms16m",
            "-Xmx256m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=30",
            "-XX:+UseCompactObjectHeaders",
            "-XX:ReservedCodeCacheSize=64m",
            "--sun-misc-unsafe-memory-access=allow");

    private static final String NATIVE_MODULES = "rocksdbjni,com.github.luben.zstd_jni,dev.weft.rpc.rdma";

    private ChildJvm() {}

    /**
     * The command up to the arguments of {@link Weft}; a new list. The system property {@code weft.child-options} adds
     * options of the virtual machine, separated by blanks.
     */
    public static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(FLAGS);
        Arrays.stream(System.getProperty("weft.child-options", "").split(" ", -1))
                .filter(option -> !option.isEmpty())
                .forEach(command::add);
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        boolean modular = Weft.class.getModule().isNamed();
        command.add("--enable-native-access=" + (modular ? NATIVE_MODULES : "ALL-UNNAMED"));
        // DiSNI takes addresses of direct buffers from the JDK's own class.
        command.addAll(List.of("--add-exports", "java.base/sun.nio.ch=" + (modular ? "disni" : "ALL-UNNAMED")));
        // The flight recorder's queue maps files by what is not open. It is on the class path, as Ratis is.
        command.addAll(List.of("--add-exports", "java.base/jdk.internal.ref=ALL-UNNAMED"));
        command.addAll(List.of("--add-opens", "java.base/java.lang.reflect=ALL-UNNAMED"));
        if (!modules.isEmpty()) {
            command.addAll(List.of("-p", modules));
        }
        if (!classes.isEmpty()) {
            command.addAll(List.of("-cp", classes));
        }
        if (modular) {
            command.addAll(List.of("-m", "dev.weft.cli/" + Weft.class.getName()));
        } else {
            command.add(Weft.class.getName());
        }
        return command;
    }
}
