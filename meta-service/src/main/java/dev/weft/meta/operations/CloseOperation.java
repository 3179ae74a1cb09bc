package dev.weft.meta.operations;

import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredInode;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.Optional;

/**
 * Settles a file's length. A writer's word is taken if no truncation came between; otherwise storage is asked, and asked
 * again if a truncation comes between then. A length only grows here: making it less is a truncation.
 */
public record CloseOperation(Workplace workplace) {
    private static final int ATTEMPTS_MAX = 5;

    /** The chunks of a file are numbered by an int. */
    private static final long CHUNKS_MAX = 1L << 31;

    public Inode run(CloseRequest request) throws MetaException, InterruptedException {
        if (request.writtenEnd() < -1) {
            throw Workplace.fault(Kind.INVALID, "written end " + request.writtenEnd() + " is below -1");
        }
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            StoredInode seen = workplace.inTransaction(namespace -> file(namespace, request.inodeId()));
            boolean trusted = request.writtenEnd() >= 0 && request.truncations() == seen.truncations();
            long end = trusted
                    ? checkEnd(request.writtenEnd(), seen)
                    : workplace.chunks().length(request.inodeId(), layout(seen));
            Optional<Inode> settled =
                    workplace.inTransaction(namespace -> settle(namespace, request, seen.truncations(), end));
            if (settled.isPresent()) {
                return settled.get();
            }
        }
        throw new RpcException(
                StatusCode.ABORTED, "inode " + request.inodeId() + " is being truncated again and again");
    }

    /** Nothing if the file was truncated since {@code truncations}. */
    private Optional<Inode> settle(Namespace namespace, CloseRequest request, long truncations, long end)
            throws MetaException {
        StoredInode inode = file(namespace, request.inodeId());
        if (inode.truncations() != truncations) {
            return Optional.empty();
        }
        // A writer that does not know where it ended has written something, as far as we know.
        boolean written = request.writtenEnd() != 0;
        if (written || end > inode.length()) {
            inode = inode.withLength(Math.max(inode.length(), end), workplace.now());
            namespace.putInode(request.inodeId(), inode);
        }
        if (request.close()) {
            namespace.removeSession(request.inodeId(), request.session());
        }
        return Optional.of(inode.toInode(request.inodeId()));
    }

    private static StoredInode file(Namespace namespace, long inodeId) throws MetaException {
        StoredInode inode =
                namespace.inode(inodeId).orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, "inode " + inodeId));
        if (inode.layout().isEmpty()) {
            throw Workplace.fault(Kind.IS_A_DIRECTORY, "inode " + inodeId);
        }
        return inode;
    }

    private static long checkEnd(long end, StoredInode inode) throws MetaException {
        long lengthMax = layout(inode).chunkSize() * CHUNKS_MAX;
        if (end > lengthMax) {
            throw Workplace.fault(Kind.INVALID, "written end " + end + " exceeds the longest file, " + lengthMax);
        }
        return end;
    }

    private static Layout layout(StoredInode inode) {
        return inode.layout().orElseThrow();
    }
}
