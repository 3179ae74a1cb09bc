package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RealPathReply;
import dev.weft.api.meta.RealPathRequest;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;

/** Finds the plain path of something, going up from the directory that it is in. */
public record RealPathOperation(Workplace workplace) {
    public RealPathReply run(RealPathRequest request) throws MetaException, InterruptedException {
        return workplace.inTransaction(request.caller(), tree -> {
            Place place = tree.find(request.at(), true);
            long inodeId = place.existing().inodeId();
            StringBuilder path = new StringBuilder();
            if (place.parent().isPresent()) {
                path.append('/').append(place.name());
                inodeId = place.parent().get().inodeId();
            } else if (!place.existing().isDirectory()) {
                throw Workplace.fault(Kind.INVALID, place.asked() + " may have any number of names");
            }
            prependAncestors(tree, inodeId, path);
            return new RealPathReply(path.isEmpty() ? "/" : path.toString());
        });
    }

    private static void prependAncestors(Tree tree, long directoryId, StringBuilder path) throws MetaException {
        for (long id = directoryId; id != Namespace.ROOT_ID; ) {
            StoredInode inode = tree.namespace()
                    .inode(id)
                    .filter(found -> found.links() > 0)
                    .orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, "a directory above was removed"));
            if (!(inode.content() instanceof StoredContent.Directory directory)) {
                throw new IllegalStateException("inode " + id + " has a child but is no directory");
            }
            path.insert(0, "/" + directory.name());
            id = directory.parentId();
        }
    }
}
