package dev.weft.bench.meta;

import dev.weft.api.meta.RemoveRequest;
import dev.weft.bench.fs.BenchCluster;
import dev.weft.bench.tree.PhaseResult;
import dev.weft.bench.tree.Tree;
import dev.weft.bench.tree.TreeLoad;
import dev.weft.client.CreateOptions;
import dev.weft.client.FileReader;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.RpcClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A cluster of Weft in processes of its own, with the metadata server on RocksDB, synced; each client has a connection. */
final class WeftPeer implements NamePeer {
    private final BenchCluster cluster;
    private final List<RpcClient> connections = new ArrayList<>();
    private final TreeLoad load;

    WeftPeer(Path data, int clients) throws IOException, InterruptedException {
        this.cluster = new BenchCluster(data);
        List<WeftTree> trees = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            RpcClient connection = RpcClient.create();
            connections.add(connection);
            trees.add(new WeftTree(cluster.files(connection)));
        }
        this.load = new TreeLoad(trees, Thread.ofVirtual().factory());
    }

    @Override
    public String name() {
        return "weft";
    }

    @Override
    public List<PhaseResult> run(String folder, int directories, int files) throws IOException, InterruptedException {
        return load.run(folder, directories, files);
    }

    @Override
    public void close() {
        connections.forEach(RpcClient::close);
        cluster.close();
    }

    /** A client of the cluster. */
    WeftFileSystem files() {
        return cluster.files();
    }

    /** Resident memory of all server processes. */
    long residentMebibytes() throws IOException {
        return cluster.residentMebibytes().stream().mapToLong(Long::longValue).sum();
    }

    private record WeftTree(WeftFileSystem files) implements Tree {
        private static final CreateOptions NEW = CreateOptions.defaults();

        @Override
        public void mkdir(String path) throws IOException {
            files.mkdir(path, false);
        }

        @Override
        public void create(String path) throws IOException {
            files.create(path, NEW).close();
        }

        @Override
        public void stat(String path) throws IOException {
            files.stat(path);
        }

        @Override
        public void open(String path) throws IOException {
            FileReader _ = files.open(path);
        }

        @Override
        public int list(String path) throws IOException {
            int[] count = {0};
            files.list(path, _ -> count[0]++);
            return count[0];
        }

        @Override
        public void rename(String from, String to) throws IOException {
            files.rename(from, to);
        }

        @Override
        public void unlink(String path) throws IOException {
            files.remove(path, RemoveRequest.Kind.UNLINK);
        }
    }
}
