package dev.weft.kv.testkit;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RocksDbKeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A process that commits until it is killed and prints each commit once it is acknowledged: thread, round and a dot.
 *
 * <p>Each commit of a thread puts its round at two keys, so that a commit that is there in part can be told.
 */
final class CrashWriter {
    static final int THREADS = 8;

    private CrashWriter() {}

    static Process start(Path folder, int[] rounds) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        + System.getProperty("path.separator")
                        + System.getProperty("jdk.module.path", ""),
                CrashWriter.class.getName(),
                folder.toString()));
        Arrays.stream(rounds).mapToObj(Integer::toString).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static Bytes key(int thread, int half) {
        return Bytes.ofUtf8("thread/" + thread + "/" + half);
    }

    /** The last round of {@code thread} in the store, after making sure that it is there in whole. */
    static long check(Transaction transaction, int thread) {
        long first =
                transaction.get(key(thread, 0)).map(value -> value.longAt(0)).orElse(0L);
        long second =
                transaction.get(key(thread, 1)).map(value -> value.longAt(0)).orElse(0L);
        if (first != second) {
            throw new AssertionError("half of a commit: " + first + " and " + second);
        }
        return first;
    }

    public static void main(String[] args) throws Exception {
        KeyValueStore store =
                RocksDbKeyValueStore.open(Path.of(args[0]), KeyValueStoreContract.SMALL, Environment.system());
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            int begin = Integer.parseInt(args[1 + thread]);
            Thread.ofPlatform().start(() -> write(store, number, begin));
        }
    }

    private static void write(KeyValueStore store, int thread, int begin) {
        try {
            for (int round = begin + 1; ; round++) {
                Transaction transaction = store.begin();
                transaction.put(key(thread, 0), Bytes.ofLong(round));
                transaction.put(key(thread, 1), Bytes.ofLong(round));
                if (transaction.commit() instanceof CommitResult.Committed) {
                    System.out.println(thread + " " + round + " .");
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
