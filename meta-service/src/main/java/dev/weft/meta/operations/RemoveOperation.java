package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredEntryCodec;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.time.Instant;
import java.util.List;

/** Takes a name away, at the same cost for a file and for a large tree; the collector removes what hung on it. */
public record RemoveOperation(Workplace workplace) {
    public StoredEntry run(RemoveRequest request) throws MetaException, InterruptedException {
        List<Long> ids = request.kind() == RemoveRequest.Kind.TRASH
                ? List.of(workplace.inodeIds().next(), workplace.inodeIds().next())
                : List.of();
        return workplace.once(
                request.request(),
                Operation.REMOVE,
                StoredEntryCodec.CODEC,
                request.caller(),
                tree -> remove(tree, request, ids));
    }

    private StoredEntry remove(Tree tree, RemoveRequest request, List<Long> ids) throws MetaException {
        Place place = tree.find(request.at(), false);
        StoredEntry entry = place.existing();
        place.directory();
        StoredInode inode = tree.namespace().inodeOf(entry);
        Tree.Parent parent = tree.requireMayRemove(place, inode);
        switch (request.kind()) {
            case UNLINK -> {
                if (entry.isDirectory()) {
                    throw Workplace.fault(Kind.IS_A_DIRECTORY, request.at());
                }
            }
            case RMDIR -> {
                if (!entry.isDirectory()) {
                    throw Workplace.fault(Kind.NOT_A_DIRECTORY, request.at());
                }
                if (!tree.namespace().isEmptyDirectory(entry.inodeId())) {
                    throw Workplace.fault(Kind.NOT_EMPTY, request.at());
                }
            }
            case RECURSIVE, TRASH -> new TreeRemovalCheck(tree).check(entry, request.at());
        }
        tree.detach(parent, place.name(), entry);
        if (request.kind() == RemoveRequest.Kind.TRASH) {
            Instant expiry = tree.now().plus(workplace.config().trashAge());
            new TrashCan(tree, ids).put(entry, inode, place.name(), expiry);
        } else {
            tree.release(entry, inode);
        }
        return entry;
    }
}
