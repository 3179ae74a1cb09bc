package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.SymlinkRequest;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;

/** Creates a symbolic link. */
public record SymlinkOperation(Workplace workplace) {
    private static final int PERMISSIONS = 0777;

    public Inode run(SymlinkRequest request) throws MetaException, InterruptedException {
        int bytes = MetaPath.utf8Length(request.target());
        if (bytes > SymlinkRequest.TARGET_BYTES_MAX) {
            throw Workplace.fault(
                    Kind.NAME_TOO_LONG, "target of " + bytes + " bytes, at most " + SymlinkRequest.TARGET_BYTES_MAX);
        }
        if (bytes == 0) {
            throw Workplace.fault(Kind.NOT_FOUND, "an empty target");
        }
        MetaPath.parse(request.target());
        long newId = workplace.inodeIds().next();
        return workplace.once(request.request(), Operation.SYMLINK, InodeCodec.CODEC, request.caller(), tree -> {
            Place place = tree.find(request.at(), false);
            if (place.entry().isPresent()) {
                throw Workplace.fault(Kind.EXISTS, request.at());
            }
            Tree.Parent parent = tree.requireMayAdd(place);
            StoredInode link = StoredInode.of(
                    tree.newAccess(parent, PERMISSIONS, false),
                    new StoredContent.Symlink(request.target()),
                    parent.quota(),
                    tree.now());
            tree.add(parent, place.name(), newId, link);
            return link.toInode(newId);
        });
    }
}
