package dev.weft.kv.ratis;

import dev.weft.kv.engine.RocksDbFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Where a peer keeps its state.
 *
 * <pre>
 *   live-7/                     the database; a new number when it is replaced by a leader's snapshot
 *   raft/GROUP/current/         the log, which is Ratis's
 *   raft/GROUP/sm/snapshot-T-I/ the database as it was after log entry I of term T
 * </pre>
 *
 * A folder gets its name when it is complete. For one thread at a time.
 */
final class StateFolders {
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot-(\\d+)-(\\d+)");
    private static final Pattern LIVE = Pattern.compile("live-(\\d+)");
    private static final String MD5 = ".md5";

    /** A snapshot on disk. */
    record Stored(Path folder, TermIndex at) {}

    private final Path root;
    private final Path snapshots;

    StateFolders(Path root, Path snapshots) {
        this.root = root;
        this.snapshots = snapshots;
    }

    /** The database in use, or a new one; older ones go. */
    RocksDbFiles openLive() throws IOException {
        long newest = newestLive();
        return RocksDbFiles.openUnsynced(removeOthers(newest));
    }

    /** A database with what {@code snapshot} has, in the place of the one in use so far, which must be closed. */
    RocksDbFiles replaceLive(Stored snapshot) throws IOException {
        long next = newestLive() + 1;
        Path building = root.resolve("building");
        delete(building);
        Files.createDirectories(building);
        for (Path file : files(snapshot.folder())) {
            Path copy = building.resolve(file.getFileName());
            if (file.toString().endsWith(".sst")) {
                // Never written again.
                Files.createLink(copy, file);
            } else {
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.move(building, root.resolve("live-" + next), StandardCopyOption.ATOMIC_MOVE);
        return RocksDbFiles.openUnsynced(root.resolve("live-" + next));
    }

    private Path removeOthers(long newest) throws IOException {
        for (Path folder : folders(root, LIVE)) {
            if (number(folder) != newest) {
                delete(folder);
            }
        }
        return root.resolve("live-" + newest);
    }

    private long newestLive() throws IOException {
        Files.createDirectories(root);
        return folders(root, LIVE).stream()
                .mapToLong(StateFolders::number)
                .max()
                .orElse(1);
    }

    private static long number(Path live) {
        Matcher matcher = LIVE.matcher(live.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** Writes a snapshot of {@code files}; a complete one of the same place stays as it is. */
    Stored write(RocksDbFiles files, TermIndex at) throws IOException {
        Path folder = snapshots.resolve("snapshot-" + at.getTerm() + "-" + at.getIndex());
        if (!Files.exists(folder)) {
            Files.createDirectories(snapshots);
            try {
                files.copyTo(folder);
            } catch (RocksDBException e) {
                throw new IOException("cannot write the snapshot " + folder, e);
            }
        }
        return new Stored(folder, at);
    }

    Optional<Stored> newestSnapshot() throws IOException {
        return stored().stream().max(Comparator.comparing(Stored::at));
    }

    /** Removes all snapshots but the newest one. */
    void removeOldSnapshots() throws IOException {
        List<Stored> all = stored().stream()
                .sorted(Comparator.comparing(Stored::at).reversed())
                .toList();
        for (Stored old : all.subList(Math.min(1, all.size()), all.size())) {
            delete(old.folder());
        }
    }

    private List<Stored> stored() throws IOException {
        return folders(snapshots, SNAPSHOT).stream()
                .map(folder -> {
                    Matcher matcher = SNAPSHOT.matcher(folder.getFileName().toString());
                    if (!matcher.matches()) {
                        throw new AssertionError(folder);
                    }
                    TermIndex at =
                            TermIndex.valueOf(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
                    return new Stored(folder, at);
                })
                .toList();
    }

    /** The files of a snapshot, without the sums that Ratis writes beside those it has received. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> !file.toString().endsWith(MD5)).sorted().toList();
        }
    }

    private static List<Path> folders(Path in, Pattern name) throws IOException {
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(in)) {
            return all.filter(folder ->
                            name.matcher(folder.getFileName().toString()).matches())
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
