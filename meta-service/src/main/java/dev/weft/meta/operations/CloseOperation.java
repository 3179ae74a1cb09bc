package dev.weft.meta.operations;

import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredSession;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.Optional;

/**
 * Settles a file's length. A writer's word is taken if no truncation came between; otherwise storage is asked, and asked
 * again if a truncation comes between then. Only who holds the session settles anything. A length only grows here: making it less is a truncation.
 */
public record CloseOperation(Workplace workplace) {
    private static final int ATTEMPTS_MAX = 5;

    public Inode run(CloseRequest request) throws MetaException, InterruptedException {
        if (request.writtenEnd() < -1) {
            throw Workplace.fault(Kind.INVALID, "written end " + request.writtenEnd() + " is below -1");
        }
        PathAt at = PathAt.inode(request.inodeId());
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Truncation.File seen = workplace.inTransaction(request.caller(), tree -> file(tree, at));
            StoredContent.File content = seen.content();
            boolean trusted = request.writtenEnd() >= 0 && request.truncations() == content.truncations();
            long end = trusted
                    ? checkEnd(request.writtenEnd(), content.layout())
                    : workplace.chunks().length(request.inodeId(), content.layout());
            Optional<Inode> settled = workplace.inTransaction(
                    request.caller(), tree -> settle(tree, request, content.truncations(), end));
            if (settled.isPresent()) {
                return settled.get();
            }
        }
        throw new RpcException(
                StatusCode.ABORTED, "inode " + request.inodeId() + " is being truncated again and again");
    }

    /** Nothing if the file was truncated since {@code truncations}. */
    private static Optional<Inode> settle(Tree tree, CloseRequest request, long truncations, long end)
            throws MetaException {
        Truncation.File file = file(tree, PathAt.inode(request.inodeId()));
        StoredContent.File content = file.content();
        if (content.truncations() != truncations) {
            return Optional.empty();
        }
        StoredInode inode = file.inode();
        Optional<StoredSession> session = tree.namespace().session(request.inodeId(), request.session());
        if (session.isEmpty()) {
            // Closed before: then this is a repetition, and all is settled.
            return Optional.of(inode.toInode(request.inodeId()));
        }
        // A writer that does not know where it ended has written something, as far as we know.
        boolean written = request.writtenEnd() != 0;
        if (written || end > content.length()) {
            long length = Math.max(content.length(), end);
            inode = inode.written(new StoredContent.File(length, truncations, content.layout()), tree.now());
            if (session.get().user() != Credentials.ROOT) {
                inode = inode.withAccess(Permissions.withoutSetId(inode.access()), tree.now());
            }
            tree.namespace().putInode(request.inodeId(), inode);
            if (inode.links() > 0) {
                tree.namespace().quotas().resize(inode.quota(), length - content.length());
            }
        }
        if (request.close()) {
            tree.namespace().removeSession(request.inodeId(), request.session());
        }
        return Optional.of(inode.toInode(request.inodeId()));
    }

    /** The file, be it removed. */
    private static Truncation.File file(Tree tree, PathAt at) throws MetaException {
        StoredInode inode = tree.namespace().inode(at.base()).orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, at));
        return Truncation.File.of(at.base(), inode, at);
    }

    private static long checkEnd(long end, Layout layout) throws MetaException {
        if (end > Lengths.max(layout)) {
            throw Workplace.fault(
                    Kind.INVALID, "written end " + end + " exceeds the longest file, " + Lengths.max(layout));
        }
        return end;
    }
}
