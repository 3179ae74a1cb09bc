package dev.weft.bench.meta;

import dev.weft.bench.tree.PhaseResult;
import dev.weft.bench.tree.Tree;
import dev.weft.bench.tree.TreeLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The file system of this machine through {@code java.nio}; nothing of it is synced. */
final class LocalPeer implements NamePeer {
    private final TreeLoad load;

    LocalPeer(Path root, int clients) {
        List<Tree> trees = IntStream.range(0, clients)
                .mapToObj(_ -> (Tree) new LocalTree(root))
                .toList();
        this.load = new TreeLoad(trees, Thread.ofPlatform().factory());
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public List<PhaseResult> run(String folder, int directories, int files) throws IOException, InterruptedException {
        return load.run(folder, directories, files);
    }

    @Override
    public void close() {}

    private record LocalTree(Path root) implements Tree {
        private Path at(String path) {
            return root.resolve(path.substring(1));
        }

        @Override
        public void mkdir(String path) throws IOException {
            Files.createDirectory(at(path));
        }

        @Override
        public void create(String path) throws IOException {
            Files.createFile(at(path));
        }

        @Override
        public void stat(String path) throws IOException {
            Files.readAttributes(at(path), "unix:*");
        }

        @Override
        public void open(String path) throws IOException {
            Files.newByteChannel(at(path)).close();
        }

        @Override
        public int list(String path) throws IOException {
            try (Stream<Path> entries = Files.list(at(path))) {
                return (int) entries.count();
            }
        }

        @Override
        public void rename(String from, String to) throws IOException {
            Files.move(at(from), at(to));
        }

        @Override
        public void unlink(String path) throws IOException {
            Files.delete(at(path));
        }
    }
}
