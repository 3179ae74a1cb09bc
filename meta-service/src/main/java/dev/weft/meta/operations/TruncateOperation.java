package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.TruncateRequest;
import dev.weft.meta.schema.StoredRequest.Operation;

/** Makes a file exactly as long as asked. */
public record TruncateOperation(Workplace workplace) {
    public Inode run(TruncateRequest request) throws MetaException, InterruptedException {
        return new Truncation(workplace)
                .run(
                        new Truncation.Request<>(
                                request.request(),
                                Operation.TRUNCATE,
                                InodeCodec.CODEC,
                                request.caller(),
                                request.length()),
                        tree -> Opening.file(tree, request.at(), Permissions.WRITE),
                        (_, inodeId, truncated) -> truncated.toInode(inodeId));
    }
}
