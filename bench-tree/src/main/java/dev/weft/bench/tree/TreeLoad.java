package dev.weft.bench.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.HdrHistogram.Histogram;

/**
 * The load of mdtest: many clients make files, look at each other's, move and remove them, phase by phase. Each client is a thread
 * with a tree of its own and has one operation under way.
 */
public final class TreeLoad {
    private static final long LATENCY_MAX_NANOS = 3_600_000_000_000L;

    private final List<? extends Tree> clients;
    private final ThreadFactory threads;

    public TreeLoad(List<? extends Tree> clients, ThreadFactory threads) {
        this.clients = clients;
        this.threads = threads;
    }

    /**
     * Runs all phases; afterwards the directories are there, and empty.
     *
     * @param folder that is not there, its parent is
     * @param directories over which the files are spread, at most as many as there are clients
     * @param files of all clients together, a multiple of their number
     */
    public List<PhaseResult> run(String folder, int directories, int files) throws IOException, InterruptedException {
        clients.get(0).mkdir(folder);
        for (int directory = 0; directory < directories; directory++) {
            clients.get(0).mkdir(folder + "/d" + directory);
        }
        int each = files / clients.size();
        List<PhaseResult> results = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            results.add(run(phase, new Files(folder, directories, each)));
        }
        return results;
    }

    /** Where the files of each client are. */
    private record Files(String folder, int directories, int each) {
        String directory(int client) {
            return folder + "/d" + client % directories;
        }

        String file(int client, int number) {
            return directory(client) + "/file-" + client + "-" + number;
        }

        String renamed(int client, int number) {
            return directory(client) + "/moved-" + client + "-" + number;
        }
    }

    private PhaseResult run(Phase phase, Files files) throws IOException, InterruptedException {
        int count = clients.size();
        CyclicBarrier start = new CyclicBarrier(count + 1);
        List<FutureTask<Client>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Client client = new Client(clients.get(i), i, (i + 1) % count, files);
            FutureTask<Client> task = new FutureTask<>(() -> {
                start.await();
                client.run(phase);
                return client;
            });
            tasks.add(task);
            threads.newThread(task).start();
        }
        try {
            start.await();
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("a client did not start", e);
        }
        long begun = System.nanoTime();
        Histogram latencies = new Histogram(LATENCY_MAX_NANOS, 3);
        long operations = 0;
        for (FutureTask<Client> task : tasks) {
            Client done = get(task, phase);
            latencies.add(done.latencies);
            operations += done.operations;
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new PhaseResult(
                phase,
                operations / seconds,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3);
    }

    private static Client get(FutureTask<Client> task, Phase phase) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException("a client failed in phase " + phase + ": " + e.getCause(), e.getCause());
        }
    }

    /** One client in one phase. */
    private static final class Client {
        private final Tree tree;
        private final int own;

        /** Whose files are looked at, so that nobody looks at what he has just made. */
        private final int other;

        private final Files files;
        private final Histogram latencies = new Histogram(LATENCY_MAX_NANOS, 3);
        private long operations;

        Client(Tree tree, int own, int other, Files files) {
            this.tree = tree;
            this.own = own;
            this.other = other;
            this.files = files;
        }

        void run(Phase phase) throws IOException {
            if (phase == Phase.LIST) {
                long begun = System.nanoTime();
                operations = tree.list(files.directory(other));
                latencies.recordValue(System.nanoTime() - begun);
                return;
            }
            for (int number = 0; number < files.each; number++) {
                long begun = System.nanoTime();
                perform(phase, number);
                latencies.recordValue(System.nanoTime() - begun);
            }
            operations = files.each;
        }

        private void perform(Phase phase, int number) throws IOException {
            switch (phase) {
                case CREATE -> tree.create(files.file(own, number));
                case STAT -> tree.stat(files.file(other, number));
                case OPEN -> tree.open(files.file(other, number));
                case RENAME -> tree.rename(files.file(own, number), files.renamed(own, number));
                case UNLINK -> tree.unlink(files.renamed(own, number));
                case LIST -> throw new IllegalArgumentException("a listing is not of a file");
            }
        }
    }
}
