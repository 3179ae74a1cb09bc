package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.Space;
import dev.weft.api.meta.SpaceRequest;

/** Says how much there is in a tree with a quota. */
public record SpaceOperation(Workplace workplace) {
    public Space run(SpaceRequest request) throws MetaException, InterruptedException {
        return workplace.inTransaction(request.caller(), tree -> {
            long inodeId = tree.find(request.at(), true).existing().inodeId();
            return tree.namespace()
                    .quotas()
                    .space(tree.namespace().inode(inodeId).orElseThrow().quota());
        });
    }
}
