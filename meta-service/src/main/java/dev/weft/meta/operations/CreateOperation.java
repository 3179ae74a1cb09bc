package dev.weft.meta.operations;

import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenReplyCodec;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import dev.weft.meta.schema.StoredSession;
import java.time.Instant;
import java.util.UUID;

/**
 * Creates a file and opens it for writing, or opens the one that is there.
 *
 * <p>To empty a file that is there, a new inode takes its place and the old one goes to the collector: one transaction,
 * whatever the file's size. Those who have the old one open keep it until they close it.
 */
public record CreateOperation(Workplace workplace) {
    public OpenReply run(CreateRequest request) throws MetaException, InterruptedException {
        MetaPath path = MetaPath.parse(request.path());
        Permissions.check(request.permissions());
        long newId = workplace.inodeIds().next();
        return workplace.once(
                request.request(),
                Operation.CREATE,
                OpenReplyCodec.CODEC,
                namespace -> create(namespace, path, request, newId));
    }

    private OpenReply create(Namespace namespace, MetaPath path, CreateRequest request, long newId)
            throws MetaException {
        if (path.isRoot()) {
            throw Workplace.fault(Kind.IS_A_DIRECTORY, path);
        }
        Namespace.Resolved at = namespace.resolve(path);
        if (at.entry().isEmpty()) {
            return open(namespace, newId, make(namespace, at, request, newId), request.client());
        }
        StoredEntry entry = at.entry().get();
        if (request.exclusive()) {
            throw Workplace.fault(Kind.EXISTS, path);
        }
        if (entry.type() != FileType.FILE) {
            throw Workplace.fault(Kind.IS_A_DIRECTORY, path);
        }
        if (request.truncate()) {
            namespace.discard(entry);
            return open(namespace, newId, make(namespace, at, request, newId), request.client());
        }
        return open(namespace, entry.inodeId(), namespace.inodeOf(entry), request.client());
    }

    private StoredInode make(Namespace namespace, Namespace.Resolved at, CreateRequest request, long newId)
            throws MetaException {
        Layout layout = workplace.layouts().choose(request.chunkSize(), request.stripes());
        StoredInode file = StoredInode.file(request.permissions(), layout, workplace.now());
        namespace.putInode(newId, file);
        namespace.putEntry(at.parentId(), at.path().name(), new StoredEntry(newId, FileType.FILE));
        return file;
    }

    private OpenReply open(Namespace namespace, long inodeId, StoredInode inode, UUID client) {
        UUID session = workplace.randomUuid();
        Instant now = workplace.now();
        namespace.putSession(inodeId, session, new StoredSession(client, now));
        return new OpenReply(inode.toInode(inodeId), session);
    }
}
