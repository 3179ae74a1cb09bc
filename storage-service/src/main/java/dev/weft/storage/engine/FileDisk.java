package dev.weft.storage.engine;

import dev.weft.storage.io.RingReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A folder as disk: one file for each data file, and RocksDB for the index. One process at a time may open it.
 *
 * <p>Reads go past the page cache by io_uring where the kernel and the file system allow it, and through it by
 * {@link java.nio.channels.FileChannel} elsewhere; which of the two is decided when the disk is opened, and logged.
 */
public final class FileDisk implements Disk {
    private static final System.Logger LOG = System.getLogger(FileDisk.class.getName());

    /** Opened first to see whether the file system can be read past the page cache. */
    private static final String PROBE = "check";

    private final Path folder;
    private final IndexReserve reserve;
    private final DiskThreads threads;
    private final RocksIndex index;
    private final @Nullable RingReader ring;
    private final String readMethod;
    private final Map<String, ChannelFile> files = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private FileDisk(
            Path folder,
            IndexReserve reserve,
            DiskThreads threads,
            RocksIndex index,
            @Nullable RingReader ring,
            String readMethod) {
        this.folder = folder;
        this.reserve = reserve;
        this.threads = threads;
        this.index = index;
        this.ring = ring;
        this.readMethod = readMethod;
    }

    /** Opens the folder, and makes it if it is not there. Reads by the best way that there is. */
    public static FileDisk open(Path folder) throws IOException {
        return open(folder, Reading.BEST);
    }

    /** Opens the folder, and makes it if it is not there. */
    public static FileDisk open(Path folder, Reading reading) throws IOException {
        Files.createDirectories(folder);
        IndexReserve reserve =
                new IndexReserve(folder, Files.getFileStore(folder).getTotalSpace());
        reserve.release();
        DiskThreads threads = new DiskThreads();
        RocksIndex index;
        try {
            index = RocksIndex.open(folder.resolve("index"), threads);
        } catch (IOException e) {
            threads.close();
            throw e;
        }
        RingReader ring = null;
        String method = "FileChannel";
        if (reading == Reading.BEST) {
            try {
                ring = ring(folder);
                method = "io_uring, O_DIRECT";
            } catch (IOException e) {
                method += ", as io_uring cannot be used: " + e.getMessage();
            }
        }
        LOG.log(System.Logger.Level.INFO, "disk {0}: reads by {1}", folder, method);
        return new FileDisk(folder, reserve, threads, index, ring, method);
    }

    private static RingReader ring(Path folder) throws IOException {
        Path probe = folder.resolve(PROBE);
        if (!Files.exists(probe)) {
            Files.write(probe, new byte[BLOCK_BYTES]);
        }
        RingReader ring = RingReader.open();
        try {
            ring.addFile(probe);
            return ring;
        } catch (IOException e) {
            ring.close();
            throw e;
        }
    }

    /** How data files are read, for people. */
    public String readMethod() {
        return readMethod;
    }

    @Override
    public DiskFile file(String name) throws IOException {
        ChannelFile file = ChannelFile.open(folder.resolve(name), threads, ring);
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
    public void read(List<DiskRead> reads) throws IOException {
        if (ring != null && aligned(reads)) {
            List<RingReader.Read> direct = new ArrayList<>(reads.size());
            for (DiskRead read : reads) {
                direct.add(new RingReader.Read(((ChannelFile) read.file()).number(), read.position(), read.into()));
            }
            ring.read(direct);
            return;
        }
        List<DiskThreads.Task> tasks = new ArrayList<>(reads.size());
        for (DiskRead read : reads) {
            tasks.add(() -> ((ChannelFile) read.file()).readHere(read.into(), read.position()));
        }
        threads.runAll(tasks);
    }

    private static boolean aligned(List<DiskRead> reads) {
        for (DiskRead read : reads) {
            if (!read.into().isNative()
                    || read.into().address() % BLOCK_BYTES != 0
                    || read.into().byteSize() % BLOCK_BYTES != 0
                    || read.position() % BLOCK_BYTES != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void setAside() throws IOException {
        threads.run(reserve::setAside);
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
        if (closed.getAndSet(true)) {
            return;
        }
        threads.close();
        close(ring);
        files.values().forEach(this::close);
        index.close();
    }

    private void close(@Nullable AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "cannot close a part of " + folder, e);
        }
    }

    /** How data files are to be read. */
    public enum Reading {
        /** By io_uring where that works. */
        BEST,
        /** By {@link java.nio.channels.FileChannel}, as where io_uring does not work. */
        CHANNEL
    }
}
