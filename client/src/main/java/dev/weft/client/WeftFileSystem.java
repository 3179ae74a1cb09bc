package dev.weft.client;

import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.BatchStatReply;
import dev.weft.api.meta.BatchStatRequest;
import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.GetExtendedRequest;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.LinkRequest;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.LockDirectoryRequest;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RealPathRequest;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.api.meta.SetAttributesRequest;
import dev.weft.api.meta.SetExtendedRequest;
import dev.weft.api.meta.SetLayoutRequest;
import dev.weft.api.meta.SetQuotaRequest;
import dev.weft.api.meta.Space;
import dev.weft.api.meta.SpaceRequest;
import dev.weft.api.meta.StatRequest;
import dev.weft.api.meta.StatResult;
import dev.weft.api.meta.SymlinkRequest;
import dev.weft.api.meta.TruncateRequest;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Environment;
import dev.weft.rpc.TaskScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.NotLinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
    private final Credentials caller;
    private final MetaCalls meta;
    private final Lanes lanes;
    private final ChunkWrites writes;
    private final ChunkFetches fetches;

    /**
     * A file system over stubs of the cluster's services, of a client without a session at the cluster manager: what it has
     * open for writing longer than a few minutes counts as closed.
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
        this.caller = config.user().of(clientId);
        this.meta = new MetaCalls(meta, config, environment, follower, caller);
        this.lanes = new Lanes(clientId);
        this.writes = new ChunkWrites(config, environment, follower, nodes, lanes);
        this.fetches = new ChunkFetches(config, environment, follower, nodes);
    }

    /** What is at the end of a path, symbolic links followed. */
    public Inode stat(String path) throws IOException {
        return stat(path, true);
    }

    /** The same; without {@code follow}, a symbolic link at the end is what is asked for. */
    public Inode stat(String path, boolean follow) throws IOException {
        StatRequest request = new StatRequest(caller, PathAt.of(path), follow);
        return meta.call("stat of " + path, service -> service.stat(request));
    }

    /** Many at once, all of one moment; empty for those that are not there or not to be seen. */
    public List<Optional<Inode>> stat(List<String> paths) throws IOException {
        List<Optional<Inode>> inodes = new ArrayList<>();
        for (int begin = 0; begin < paths.size(); begin += BatchStatRequest.PLACES_MAX) {
            List<String> part = paths.subList(begin, Math.min(paths.size(), begin + BatchStatRequest.PLACES_MAX));
            BatchStatRequest request =
                    new BatchStatRequest(caller, part.stream().map(PathAt::of).toList(), true);
            BatchStatReply reply =
                    meta.call("stat of " + part.size() + " paths", service -> service.batchStat(request));
            for (StatResult result : reply.results()) {
                inodes.add(result instanceof StatResult.Found(Inode inode) ? Optional.of(inode) : Optional.empty());
            }
        }
        return inodes;
    }

    /** The path without symbolic links, {@code .} and {@code ..}. */
    public String realPath(String path) throws IOException {
        RealPathRequest request = new RealPathRequest(caller, PathAt.of(path));
        return meta.call("real path of " + path, service -> service.realPath(request))
                .path();
    }

    /** Creates a file, or empties the one that is there, and opens it for writing. The writer must be closed. */
    public FileWriter create(String path, CreateOptions options) throws IOException {
        CreateRequest request = new CreateRequest(
                caller,
                PathAt.of(path),
                options.exclusive(),
                !options.exclusive(),
                options.permissions(),
                options.chunkSize(),
                options.stripes(),
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
        OpenRequest request = new OpenRequest(caller, PathAt.of(path), OpenRequest.Mode.READ, false, identity());
        Inode inode =
                meta.call("open of " + path, service -> service.open(request)).inode();
        return new FileReader(fetches, buffers, environment, inode, choice, config.window(FileReader.PART_BYTES));
    }

    /** All entries of a directory in the order of their names' bytes, with their attributes. */
    public List<DirectoryEntry> list(String path) throws IOException {
        List<DirectoryEntry> entries = new ArrayList<>();
        list(path, entries::add);
        return entries;
    }

    /**
     * The same, one after the other, for directories of any size: a page of them is held at a time. The directory may change
     * meanwhile; what is there all the time comes once.
     */
    public void list(String path, EntryVisitor visitor) throws IOException {
        String after = "";
        boolean more = true;
        while (more) {
            ListRequest request = new ListRequest(caller, PathAt.of(path), after, LIST_PAGE, true);
            ListReply page = meta.call("list of " + path, service -> service.list(request));
            for (DirectoryEntry entry : page.entries()) {
                visitor.visit(entry);
                after = entry.name();
            }
            more = page.more() && !page.entries().isEmpty();
        }
    }

    /**
     * A page of the same: at most {@code limit} entries whose names come after {@code after}, from the first if that is empty.
     */
    public ListReply list(String path, String after, int limit) throws IOException {
        ListRequest request = new ListRequest(caller, PathAt.of(path), after, limit, true);
        return meta.call("list of " + path, service -> service.list(request));
    }

    /** Something done with each entry of a directory. */
    @FunctionalInterface
    public interface EntryVisitor {
        void visit(DirectoryEntry entry) throws IOException;
    }

    /** Creates a directory; with {@code parents} also those above it, and it may be there already. */
    public Inode mkdir(String path, boolean parents) throws IOException {
        MkdirRequest request = new MkdirRequest(caller, PathAt.of(path), parents, 0755, identity());
        return meta.call("mkdir of " + path, service -> service.mkdir(request));
    }

    /** Creates a symbolic link to {@code target}, which need not be there. */
    public Inode symlink(String path, String target) throws IOException {
        SymlinkRequest request = new SymlinkRequest(caller, PathAt.of(path), target, identity());
        return meta.call("link at " + path, service -> service.symlink(request));
    }

    /** Where a symbolic link leads. */
    public String readLink(String path) throws IOException {
        return stat(path, false).target().orElseThrow(() -> new NotLinkException(path));
    }

    /** Gives the file at {@code from} another name. */
    public Inode link(String from, String to) throws IOException {
        LinkRequest request = new LinkRequest(caller, PathAt.of(from), PathAt.of(to), identity());
        return meta.call("link at " + to, service -> service.link(request));
    }

    /** Moves a file or directory; an existing file or empty directory at the new name is replaced. */
    public void rename(String from, String to) throws IOException {
        rename(from, to, RenameRequest.Mode.REPLACE);
    }

    public void rename(String from, String to, RenameRequest.Mode mode) throws IOException {
        RenameRequest request = new RenameRequest(caller, PathAt.of(from), PathAt.of(to), mode, identity());
        meta.call("rename of " + from, service -> {
            service.rename(request);
            return request;
        });
    }

    public void remove(String path, RemoveRequest.Kind kind) throws IOException {
        RemoveRequest request = new RemoveRequest(caller, PathAt.of(path), kind, identity());
        meta.call("removal of " + path, service -> {
            service.remove(request);
            return request;
        });
    }

    /** Changes attributes; a symbolic link at the end is followed. */
    public Inode setAttributes(String path, AttributeChanges changes) throws IOException {
        SetAttributesRequest request = changes.request(caller, PathAt.of(path), identity());
        return meta.call("change of " + path, service -> service.setAttributes(request));
    }

    /** The extended attributes of a file or directory by name; a symbolic link at the end is followed. */
    public SortedMap<String, byte[]> extendedAttributes(String path) throws IOException {
        GetExtendedRequest request = new GetExtendedRequest(caller, PathAt.of(path), true, Optional.empty());
        SortedMap<String, byte[]> attributes = new TreeMap<>();
        meta.call("attributes of " + path, service -> service.getExtended(request))
                .attributes()
                .forEach(one -> attributes.put(one.name(), one.value().toArray(ValueLayout.JAVA_BYTE)));
        return attributes;
    }

    /** Sets an extended attribute, whose name begins with {@code user.}, to be there before or not as {@code mode} says. */
    public void setExtendedAttribute(String path, String name, byte[] value, SetExtendedRequest.Mode mode)
            throws IOException {
        setExtended(path, name, Optional.of(MemorySegment.ofArray(value)), mode);
    }

    /** Removes an extended attribute that is there. */
    public void removeExtendedAttribute(String path, String name) throws IOException {
        setExtended(path, name, Optional.empty(), SetExtendedRequest.Mode.ANY);
    }

    private void setExtended(String path, String name, Optional<MemorySegment> value, SetExtendedRequest.Mode mode)
            throws IOException {
        SetExtendedRequest request =
                new SetExtendedRequest(caller, PathAt.of(path), true, name, value, mode, identity());
        meta.call("attribute " + name + " of " + path, service -> service.setExtended(request));
    }

    /** What is stored below the directory with a quota that has {@code path}; of {@code /}, in the whole file system. */
    public Space space(String path) throws IOException {
        SpaceRequest request = new SpaceRequest(caller, PathAt.of(path));
        return meta.call("space of " + path, service -> service.space(request));
    }

    /** Limits what a directory and all below it may have, for root; zero is no limit. Its first quota it gets empty. */
    public Space setQuota(String path, long inodesMax, long bytesMax) throws IOException {
        SetQuotaRequest request = new SetQuotaRequest(caller, PathAt.of(path), inodesMax, bytesMax, identity());
        return meta.call("quota of " + path, service -> service.setQuota(request));
    }

    /** How new files in a directory, and in those that will be made in it, are laid out; zero for the default. */
    public Inode setLayout(String path, int chunkSize, int stripes) throws IOException {
        SetLayoutRequest request = new SetLayoutRequest(caller, PathAt.of(path), chunkSize, stripes, identity());
        return meta.call("layout of " + path, service -> service.setLayout(request));
    }

    /** Locks a directory against changes of its names by other clients, or gives that up. */
    public void lockDirectory(String path, LockDirectoryRequest.Mode mode) throws IOException {
        LockDirectoryRequest request = new LockDirectoryRequest(caller, PathAt.of(path), mode, identity());
        meta.call("lock of " + path, service -> service.lockDirectory(request));
    }

    /** Makes a file exactly {@code length} bytes long. */
    public Inode truncate(String path, long length) throws IOException {
        TruncateRequest request = new TruncateRequest(caller, PathAt.of(path), length, identity());
        return meta.call("truncation of " + path, service -> service.truncate(request));
    }

    private UUID identity() {
        return Lanes.uuid(environment);
    }
}
