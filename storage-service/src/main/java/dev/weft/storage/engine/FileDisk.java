package dev.weft.storage.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A folder as disk: one file for each data file, and RocksDB for the index. One process at a time may open it. */
public final class FileDisk implements Disk {
    private final Path folder;
    private final RocksIndex index;
    private final DiskThreads threads = new DiskThreads();
    private final Map<String, FileChannel> channels = new ConcurrentHashMap<>();

    private FileDisk(Path folder, RocksIndex index) {
        this.folder = folder;
        this.index = index;
    }

    /** Opens the folder, and makes it if it is not there. */
    public static FileDisk open(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new FileDisk(folder, RocksIndex.open(folder.resolve("index")));
    }

    @Override
    public DiskFile file(String name) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileChannel other = channels.putIfAbsent(name, channel);
        if (other != null) {
            channel.close();
            throw new IllegalArgumentException("file " + name + " is open already");
        }
        return new ChannelFile(name, channel, threads);
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
    public void close() {
        threads.close();
        for (FileChannel channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                System.getLogger(FileDisk.class.getName())
                        .log(System.Logger.Level.WARNING, "cannot close a file in " + folder, e);
            }
        }
        index.close();
    }
}
