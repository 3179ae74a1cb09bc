package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.SetQuotaRequest;
import dev.weft.api.meta.Space;
import dev.weft.api.meta.SpaceCodec;
import dev.weft.meta.schema.Quotas;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredQuota;
import dev.weft.meta.schema.StoredRequest.Operation;

/** Gives a directory a quota, or other limits. */
public record SetQuotaOperation(Workplace workplace) {
    public Space run(SetQuotaRequest request) throws MetaException, InterruptedException {
        if (request.inodesMax() < 0 || request.bytesMax() < 0) {
            throw Workplace.fault(
                    Kind.INVALID, "limits " + request.inodesMax() + " and " + request.bytesMax() + " are below zero");
        }
        return workplace.once(
                request.request(), Operation.SET_QUOTA, SpaceCodec.CODEC, request.caller(), tree -> set(tree, request));
    }

    private static Space set(Tree tree, SetQuotaRequest request) throws MetaException {
        long inodeId = tree.find(request.at(), true).existingDirectory().inodeId();
        if (!tree.caller().isRoot()) {
            throw Workplace.fault(Kind.NOT_PERMITTED, request.at());
        }
        StoredInode inode = tree.namespace().inode(inodeId).orElseThrow();
        Quotas quotas = tree.namespace().quotas();
        long outer = inode.quota();
        if (outer == inodeId) {
            outer = quotas.of(inodeId).outer();
        } else {
            // What is there counts against the outer quota only, and would have to be counted over.
            if (!tree.namespace().isEmptyDirectory(inodeId)) {
                throw Workplace.fault(Kind.NOT_EMPTY, request.at());
            }
            tree.namespace().putInode(inodeId, inode.withQuota(inodeId));
        }
        quotas.put(inodeId, new StoredQuota(request.inodesMax(), request.bytesMax(), outer));
        return quotas.space(inodeId);
    }
}
