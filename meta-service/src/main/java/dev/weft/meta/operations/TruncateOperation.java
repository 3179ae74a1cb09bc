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
                        tree -> {
                            Truncation.File file = Opening.file(tree, request.at(), Permissions.WRITE);
                            long growth = request.length() - file.content().length();
                            tree.namespace().quotas().requireRoom(file.inode().quota(), growth);
                            return file;
                        },
                        (_, inodeId, truncated) -> truncated.toInode(inodeId));
    }
}
