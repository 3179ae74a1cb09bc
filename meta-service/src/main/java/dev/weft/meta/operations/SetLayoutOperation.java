package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.SetLayoutRequest;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;

/** Says how new files in a directory are laid out. */
public record SetLayoutOperation(Workplace workplace) {
    public Inode run(SetLayoutRequest request) throws MetaException, InterruptedException {
        // Refuses what no file could have.
        workplace.layouts().choose(request.chunkSize(), request.stripes());
        return workplace.once(request.request(), Operation.SET_LAYOUT, InodeCodec.CODEC, request.caller(), tree -> {
            StoredEntry entry = tree.find(request.at(), true).existingDirectory();
            StoredInode inode = tree.namespace().inodeOf(entry);
            Permissions.requireOwner(tree.caller(), inode.access(), request.at());
            if (inode.content() instanceof StoredContent.Directory directory) {
                StoredContent changed = directory.withLayout(request.chunkSize(), request.stripes());
                tree.namespace().putInode(entry.inodeId(), inode.withContent(changed, tree.now()));
            }
            return tree.seen(entry);
        });
    }
}
