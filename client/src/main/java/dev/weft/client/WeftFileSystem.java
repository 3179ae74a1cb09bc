package dev.weft.client;

import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.PathRequest;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.api.meta.TruncateRequest;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.TaskScope;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Files and directories of a cluster.
 *
 * <p>Paths are absolute and separated by {@code /}. Failures of single nodes are ridden out for as long as the
 * configuration says; what remains is an {@link IOException}, of the JDK's own kinds where it has one, such as
 * {@link java.nio.file.NoSuchFileException}. Thread-safe; calls block.
 */
public final class WeftFileSystem {
    private static final int LIST_PAGE = 1000;

    private final FileSystemConfig config;
    private final Environment environment;
    private final BufferPool buffers;
    private final MetaCalls meta;
    private final Lanes lanes;
    private final ChunkWrites writes;
    private final ChunkFetches fetches;

    /**
     * A file system over stubs of the cluster's services.
     *
     * @param buffers the pool of the RPC client that the stubs call through
     * @param follower started; the caller closes it
     */
    public WeftFileSystem(
            FileSystemConfig config,
            Environment environment,
            BufferPool buffers,
            MetaService meta,
            RoutingFollower follower,
            StorageNodes nodes) {
        this(config, environment, Lanes.uuid(environment), buffers, meta, follower, nodes);
    }

    /**
     * The same for a client with a session at the cluster manager.
     *
     * @param clientId that the session is of
     */
    public WeftFileSystem(
            FileSystemConfig config,
            Environment environment,
            UUID clientId,
            BufferPool buffers,
            MetaService meta,
            RoutingFollower follower,
            StorageNodes nodes) {
        this.config = config;
        this.environment = environment;
        this.buffers = buffers;
        this.meta = new MetaCalls(meta, config, environment, follower);
        this.lanes = new Lanes(clientId);
        this.writes = new ChunkWrites(config, environment, follower, nodes, lanes);
        this.fetches = new ChunkFetches(config, environment, follower, nodes);
    }

    public Inode stat(String path) throws IOException {
        return meta.call("stat of " + path, service -> service.stat(new PathRequest(path)));
    }

    /** Creates a file, or empties the one that is there, and opens it for writing. The writer must be closed. */
    public FileWriter create(String path, CreateOptions options) throws IOException {
        CreateRequest request = new CreateRequest(
                path,
                options.exclusive(),
                !options.exclusive(),
                options.permissions(),
                options.chunkSize(),
                options.stripes(),
                lanes.client(),
                identity());
        OpenReply open = meta.call("create of " + path, service -> service.create(request));
        int chunkSize = open.inode().layout().orElseThrow().chunkSize();
        return new FileWriter(meta, writes, buffers, open, TaskScope.open(environment), config.window(chunkSize));
    }

    /** Opens a file for reading, as long as it is now. */
    public FileReader open(String path) throws IOException {
        return open(path, new ReplicaChoice.Any());
    }

    /** Opens a file for reading from a certain replica. */
    public FileReader open(String path, ReplicaChoice choice) throws IOException {
        Inode inode = stat(path);
        if (inode.type() != FileType.FILE) {
            throw new FileSystemException(path, null, "is a directory");
        }
        return new FileReader(fetches, buffers, environment, inode, choice, config.window(FileReader.PART_BYTES));
    }

    /** All entries of a directory in name order. */
    public List<DirectoryEntry> list(String path) throws IOException {
        List<DirectoryEntry> entries = new ArrayList<>();
        boolean more = true;
        while (more) {
            String after = entries.isEmpty() ? "" : entries.getLast().name();
            ListReply page =
                    meta.call("list of " + path, service -> service.list(new ListRequest(path, after, LIST_PAGE)));
            entries.addAll(page.entries());
            more = page.more() && !page.entries().isEmpty();
        }
        return entries;
    }

    /** Creates a directory; with {@code parents} also those above it, and it may be there already. */
    public Inode mkdir(String path, boolean parents) throws IOException {
        MkdirRequest request = new MkdirRequest(path, parents, 0755, identity());
        return meta.call("mkdir of " + path, service -> service.mkdir(request));
    }

    /** Moves a file or directory; an existing file or empty directory at the new name is replaced. */
    public void rename(String from, String to) throws IOException {
        RenameRequest request = new RenameRequest(from, to, identity());
        meta.call("rename of " + from, service -> {
            service.rename(request);
            return request;
        });
    }

    public void remove(String path, RemoveRequest.Kind kind) throws IOException {
        RemoveRequest request = new RemoveRequest(path, kind, identity());
        meta.call("removal of " + path, service -> {
            service.remove(request);
            return request;
        });
    }

    /** Makes a file exactly {@code length} bytes long. */
    public Inode truncate(String path, long length) throws IOException {
        TruncateRequest request = new TruncateRequest(path, length, identity());
        return meta.call("truncation of " + path, service -> service.truncate(request));
    }

    private UUID identity() {
        return Lanes.uuid(environment);
    }
}
