package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenReplyCodec;
import dev.weft.api.meta.OpenRequest;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.util.Optional;

/** Opens a file that is there. */
public record OpenOperation(Workplace workplace) {
    public OpenReply run(OpenRequest request) throws MetaException, InterruptedException {
        Opening opening = new Opening(workplace);
        int wanted = switch (request.mode()) {
            case READ -> Permissions.READ;
            case WRITE -> Permissions.WRITE;
            case READ_AND_WRITE -> Permissions.READ | Permissions.WRITE;
        };
        if (request.mode() == OpenRequest.Mode.READ) {
            if (request.truncate()) {
                throw Workplace.fault(Kind.INVALID, "truncating " + request.at() + " opened for reading");
            }
            return workplace.inTransaction(request.caller(), tree -> {
                Truncation.File file = Opening.file(tree, request.at(), wanted);
                return new OpenReply(file.inode().toInode(file.inodeId()), Optional.empty());
            });
        }
        if (request.truncate()) {
            return opening.emptied(request.request(), Operation.OPEN, request.caller(), request.at(), wanted);
        }
        return workplace.once(request.request(), Operation.OPEN, OpenReplyCodec.CODEC, request.caller(), tree -> {
            Truncation.File file = Opening.file(tree, request.at(), wanted);
            return opening.forWriting(tree, file.inodeId(), file.inode());
        });
    }
}
