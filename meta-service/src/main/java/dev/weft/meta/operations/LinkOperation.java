package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.LinkRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;

/** Gives an inode that is no directory one more name. */
public record LinkOperation(Workplace workplace) {
    /** As many as Linux's widest file systems allow. */
    static final int LINKS_MAX = 65_000;

    public Inode run(LinkRequest request) throws MetaException, InterruptedException {
        return workplace.once(
                request.request(), Operation.LINK, InodeCodec.CODEC, request.caller(), tree -> link(tree, request));
    }

    private static Inode link(Tree tree, LinkRequest request) throws MetaException {
        StoredEntry entry = tree.find(request.from(), false).existing();
        Place place = tree.find(request.to(), false);
        if (place.entry().isPresent()) {
            throw Workplace.fault(Kind.EXISTS, request.to());
        }
        Tree.Parent parent = tree.requireMayAdd(place);
        if (entry.isDirectory()) {
            throw Workplace.fault(Kind.NOT_PERMITTED, request.from() + " is a directory");
        }
        StoredInode inode = tree.namespace().inodeOf(entry);
        if (inode.links() >= LINKS_MAX) {
            throw Workplace.fault(Kind.TOO_MANY_LINKS, request.from() + " has " + inode.links() + " names");
        }
        StoredInode linked = inode.withLinks(inode.links() + 1, tree.now());
        if (inode.quota() != parent.quota()) {
            throw Workplace.fault(Kind.OTHER_TREE, request.to() + " counts against another quota");
        }
        tree.namespace().putInode(entry.inodeId(), linked);
        tree.attach(parent, place.name(), entry);
        return linked.toInode(entry.inodeId());
    }
}
