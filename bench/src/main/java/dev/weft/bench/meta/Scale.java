package dev.weft.bench.meta;

import dev.weft.api.meta.RemoveRequest;
import dev.weft.client.CreateOptions;
import dev.weft.client.FileWriter;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** What a cluster does with very many names: one directory of them, and a tree of files that is removed at once. */
final class Scale {
    private static final int STATS = 20_000;
    private static final int FILES_OF_A_DIRECTORY = 1000;
    private static final byte[] CONTENT = new byte[4096];

    private final WeftPeer peer;
    private final List<WeftFileSystem> clients = new ArrayList<>();
    private final MetaReport report;

    Scale(WeftPeer peer, int clients, MetaReport report) {
        this.peer = peer;
        this.report = report;
        for (int i = 0; i < clients; i++) {
            this.clients.add(peer.files());
        }
    }

    /** Work of one client on the file of a number. */
    @FunctionalInterface
    private interface Work {
        void on(WeftFileSystem files, int number) throws IOException;
    }

    /** Makes a directory of so many files, lists it, looks at some, removes them one by one. */
    void oneDirectory(int names) throws IOException, InterruptedException {
        WeftFileSystem files = clients.getFirst();
        report.line("");
        report.line(String.format(Locale.ROOT, "%,d files in one directory; servers have %s", names, memory()));
        files.mkdir("/many", false);
        step(
                "create",
                names,
                (client, number) ->
                        client.create(name(number), CreateOptions.defaults()).close());
        long begun = System.nanoTime();
        int[] listed = {0};
        files.list("/many", _ -> listed[0]++);
        if (listed[0] != names) {
            throw new IOException(listed[0] + " entries are listed, and " + names + " were made");
        }
        line("list", names, begun);
        step("stat", Math.min(STATS, names), (client, number) -> client.stat(name((int) (number * 7919L % names))));
        step("unlink", names, (client, number) -> client.remove(name(number), RemoveRequest.Kind.UNLINK));
        files.remove("/many", RemoveRequest.Kind.RMDIR);
        awaitEmpty("collected after", System.nanoTime());
    }

    private static String name(int number) {
        return "/many/file-" + number;
    }

    /** Makes a tree of so many files with content, removes it with one call, and waits for the space. */
    void wholeTree(int names) throws IOException, InterruptedException {
        WeftFileSystem files = clients.getFirst();
        report.line("");
        report.line(String.format(Locale.ROOT, "a tree of %,d files of 4 KiB", names));
        files.mkdir("/tree", false);
        for (int directory = 0; directory * FILES_OF_A_DIRECTORY < names; directory++) {
            files.mkdir("/tree/d" + directory, false);
        }
        step("write", names, (client, number) -> {
            String path = "/tree/d" + number / FILES_OF_A_DIRECTORY + "/file-" + number;
            try (FileWriter writer = client.create(path, CreateOptions.defaults())) {
                writer.write(ByteBuffer.wrap(CONTENT));
            }
        });
        long begun = System.nanoTime();
        files.remove("/tree", RemoveRequest.Kind.RECURSIVE);
        report.line(
                String.format(Locale.ROOT, "  %-16s %,12.1f ms", "call returns", (System.nanoTime() - begun) / 1e6));
        awaitEmpty("space back after", begun);
    }

    private void step(String what, int count, Work work) throws IOException, InterruptedException {
        System.err.println(what + " of " + count);
        AtomicInteger next = new AtomicInteger();
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        long begun = System.nanoTime();
        for (WeftFileSystem client : clients) {
            FutureTask<Integer> task = new FutureTask<>(() -> {
                int number = next.getAndIncrement();
                for (; number < count; number = next.getAndIncrement()) {
                    work.on(client, number);
                }
                return number;
            });
            tasks.add(task);
            Thread.ofVirtual().start(task);
        }
        for (FutureTask<Integer> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw new IOException(what + " failed: " + e.getCause(), e.getCause());
            }
        }
        line(what, count, begun);
    }

    private void line(String what, int count, long begun) throws IOException {
        double seconds = (System.nanoTime() - begun) / 1e9;
        report.line(String.format(
                Locale.ROOT,
                "  %-16s %,12.0f each second, %.1f s; client %d MiB, servers %s",
                what,
                count / seconds,
                seconds,
                heapMebibytes(),
                memory()));
    }

    /** What is reachable. */
    private static long heapMebibytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    private String memory() throws IOException {
        return peer.residentMebibytes() + " MiB";
    }

    /** Until all that was removed has been collected, chunks first. */
    private void awaitEmpty(String what, long begun) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 1_800_000_000_000L;
        while (clients.getFirst().space("/").inodes() > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("what was removed is still there after half an hour");
            }
            Thread.sleep(50);
        }
        report.line(String.format(Locale.ROOT, "  %-16s %,12.1f s", what, (System.nanoTime() - begun) / 1e9));
    }
}
