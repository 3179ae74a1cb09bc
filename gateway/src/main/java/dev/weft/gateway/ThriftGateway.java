package dev.weft.gateway;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.client.CreateOptions;
import dev.weft.client.FileReader;
import dev.weft.client.WeftFileSystem;
import dev.weft.gateway.generated.Fault;
import dev.weft.gateway.generated.FaultKind;
import dev.weft.gateway.generated.FileInfo;
import dev.weft.gateway.generated.FileKind;
import dev.weft.gateway.generated.Listing;
import dev.weft.gateway.generated.WeftFs;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.thrift.ThriftServices;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Serves {@code weftfs.thrift} from a file system.
 *
 * <pre>{@code
 * try (var gateway = new ThriftGateway(fs, Environment.system());
 *         var server = gateway.addTo(RpcServer.builder()).listen("tcp://0.0.0.0:7300").start()) { ... }
 * }</pre>
 *
 * <p>Every failure is a {@link Fault}. Thread-safe.
 */
public final class ThriftGateway implements AutoCloseable {
    /** Name of the service, for clients that say it. */
    public static final String SERVICE = "WeftFs";

    /** One answer's worth: less than the longest frame that Thrift's libraries take by default. */
    static final int READ_BYTES_MAX = 8 << 20;

    static final int LIST_ENTRIES_MAX = 10_000;

    private final WeftFileSystem fs;
    private final OpenFiles open;

    /** A gateway to {@code fs}, on behalf of its user. */
    public ThriftGateway(WeftFileSystem fs, Environment environment) {
        this.fs = fs;
        this.open = new OpenFiles(environment);
    }

    /** Has {@code server} serve this, for Thrift and Weft clients. */
    public RpcServer.Builder addTo(RpcServer.Builder server) {
        return ThriftServices.builder()
                .service(SERVICE, WeftFs.Processor::new, new Operations())
                .build()
                .addTo(server);
    }

    /** Ends the writing of all files that are being written; each is as long as what was written. */
    @Override
    public void close() {
        open.close();
    }

    private final class Operations implements WeftFs.Iface {
        @Override
        public FileInfo stat(String path) throws Fault {
            return Faults.translated(() -> info(nameOf(path), fs.stat(Faults.path(path))));
        }

        @Override
        public Listing listDirectory(String path, String after, int limit) throws Fault {
            return Faults.translated(() -> {
                require(
                        limit >= 1 && limit <= LIST_ENTRIES_MAX,
                        "limit of " + limit + " is not in 1.." + LIST_ENTRIES_MAX);
                ListReply page = fs.list(Faults.path(path), after == null ? "" : after, limit);
                List<FileInfo> entries =
                        page.entries().stream().map(ThriftGateway::info).toList();
                return new Listing(entries, page.more());
            });
        }

        @Override
        public ByteBuffer read(String path, long offset, int length) throws Fault {
            return Faults.translated(() -> {
                require(offset >= 0, "offset of " + offset + " is negative");
                require(
                        length >= 0 && length <= READ_BYTES_MAX,
                        "length of " + length + " is not in 0.." + READ_BYTES_MAX);
                FileReader reader = fs.open(Faults.path(path));
                // Not more than the file has, whatever is asked for.
                byte[] bytes = new byte[Math.clamp(reader.length() - offset, 0, length)];
                long count = reader.read(offset, MemorySegment.ofArray(bytes));
                return ByteBuffer.wrap(bytes, 0, (int) count);
            });
        }

        @Override
        public long create(String path, boolean exclusive) throws Fault {
            return Faults.translated(() -> {
                CreateOptions options = CreateOptions.defaults();
                CreateOptions wanted =
                        new CreateOptions(exclusive, options.permissions(), options.chunkSize(), options.stripes());
                return open.add(Faults.path(path), file -> Appending.to(fs.create(file, wanted)));
            });
        }

        @Override
        public void write(long handle, long offset, ByteBuffer bytes) throws Fault {
            Faults.translated(() -> {
                open.get(handle).write(offset, bytes == null ? ByteBuffer.allocate(0) : bytes);
                return handle;
            });
        }

        @Override
        public FileInfo close(long handle) throws Fault {
            return Faults.translated(() -> {
                OpenFile file = open.remove(handle);
                file.close();
                return info(nameOf(file.path()), fs.stat(file.path()));
            });
        }

        @Override
        public void makeDirectory(String path, boolean parents) throws Fault {
            Faults.translated(() -> fs.mkdir(Faults.path(path), parents));
        }

        @Override
        public void rename(String source, String target) throws Fault {
            Faults.translated(() -> {
                fs.rename(Faults.path(source), Faults.path(target));
                return source;
            });
        }

        @Override
        public void remove(String path, boolean recursive) throws Fault {
            Faults.translated(() -> {
                fs.remove(Faults.path(path), recursive ? RemoveRequest.Kind.RECURSIVE : kindToRemove(path));
                return path;
            });
        }

        private RemoveRequest.Kind kindToRemove(String path) throws IOException {
            return fs.stat(path, false).type() == FileType.DIRECTORY
                    ? RemoveRequest.Kind.RMDIR
                    : RemoveRequest.Kind.UNLINK;
        }
    }

    private static void require(boolean valid, String message) throws Fault {
        if (!valid) {
            throw new Fault(FaultKind.INVALID, message);
        }
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static FileInfo info(DirectoryEntry entry) {
        return info(entry.name(), entry.inode());
    }

    private static FileInfo info(String name, Inode inode) {
        FileKind kind = switch (inode.type()) {
            case FILE -> FileKind.FILE;
            case DIRECTORY -> FileKind.DIRECTORY;
            case SYMLINK -> FileKind.SYMLINK;
        };
        FileInfo info = new FileInfo(
                name,
                kind,
                inode.length(),
                inode.permissions(),
                inode.owner(),
                inode.group(),
                inode.modified().toEpochMilli());
        inode.target().ifPresent(info::setTarget);
        return info;
    }
}
