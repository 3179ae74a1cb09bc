package dev.weft.storage.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A folder as disk: one file for each data file, and RocksDB for the index. One process at a time may open it. */
public final class FileDisk implements Disk {
    private final Path folder;
    private final RocksIndex index;
    private final DiskThreads threads;
    private final Map<String, ChannelFile> files = new ConcurrentHashMap<>();

    private FileDisk(Path folder, DiskThreads threads, RocksIndex index) {
        this.folder = folder;
        this.threads = threads;
        this.index = index;
    }

    /** Opens the folder, and makes it if it is not there. */
    public static FileDisk open(Path folder) throws IOException {
        Files.createDirectories(folder);
        DiskThreads threads = new DiskThreads();
        try {
            return new FileDisk(folder, threads, RocksIndex.open(folder.resolve("index"), threads));
        } catch (IOException e) {
            threads.close();
            throw e;
        }
    }

    @Override
    public DiskFile file(String name) throws IOException {
        ChannelFile file = ChannelFile.open(folder.resolve(name), threads);
        if (files.putIfAbsent(name, file) != null) {
            file.close();
            throw new IllegalArgumentException("file " + name + " is open already");
        }
        return file;
    }

    @Override
    public DiskIndex index() {
        return index;
    }

    @Override
    public long capacityBytes() {
        try {
            return Files.getFileStore(folder).getTotalSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public void close() {
        threads.close();
        for (ChannelFile file : files.values()) {
            try {
                file.close();
            } catch (IOException e) {
                System.getLogger(FileDisk.class.getName())
                        .log(System.Logger.Level.WARNING, "cannot close a file in " + folder, e);
            }
        }
        index.close();
    }
}
