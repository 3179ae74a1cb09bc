package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.StatRequest;

/** Looks something up: by its id, or by a path that has been followed before, one read in all. */
public record StatOperation(Workplace workplace) {
    public Inode run(StatRequest request) throws MetaException, InterruptedException {
        return workplace.inTransaction(request.caller(), tree -> stat(tree, request));
    }

    static Inode stat(Tree tree, StatRequest request) throws MetaException {
        if (request.at().path().isEmpty()) {
            // Also of what is removed but open still.
            long inodeId = request.at().base();
            return tree.namespace().seen(inodeId).orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, request.at()));
        }
        return tree.seen(tree.find(request.at(), request.follow()).existing());
    }
}
