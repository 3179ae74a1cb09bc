package dev.weft.meta.operations;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenReplyCodec;
import dev.weft.api.meta.OpenRequest;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import dev.weft.meta.schema.StoredSession;
import java.util.UUID;

/** Opens a file that is there for writing. */
public record OpenOperation(Workplace workplace) {
    public OpenReply run(OpenRequest request) throws MetaException, InterruptedException {
        MetaPath path = MetaPath.parse(request.path());
        return workplace.once(request.request(), Operation.OPEN, OpenReplyCodec.CODEC, namespace -> {
            StoredEntry entry = namespace.resolve(path).existing();
            if (entry.type() != FileType.FILE) {
                throw Workplace.fault(Kind.IS_A_DIRECTORY, path);
            }
            StoredInode inode = namespace.inodeOf(entry);
            UUID session = workplace.randomUuid();
            namespace.putSession(entry.inodeId(), session, new StoredSession(request.client(), workplace.now()));
            return new OpenReply(inode.toInode(entry.inodeId()), session);
        });
    }
}
