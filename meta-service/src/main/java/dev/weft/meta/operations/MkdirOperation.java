package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Creates a directory, and with {@code parents} all that is missing on the way to it. */
public record MkdirOperation(Workplace workplace) {
    public Inode run(MkdirRequest request) throws MetaException, InterruptedException {
        MetaPath path = MetaPath.parse(request.at().path());
        Permissions.check(request.permissions());
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < (request.parents() ? path.names().size() : 1); i++) {
            ids.add(workplace.inodeIds().next());
        }
        return workplace.once(
                request.request(),
                Operation.MKDIR,
                InodeCodec.CODEC,
                request.caller(),
                tree -> request.parents() ? makeAll(tree, path, request, ids) : makeOne(tree, request, ids.getFirst()));
    }

    private static Inode makeOne(Tree tree, MkdirRequest request, long id) throws MetaException {
        Place place = tree.find(request.at(), false);
        if (place.entry().isPresent()) {
            throw Workplace.fault(Kind.EXISTS, request.at());
        }
        return make(tree, place, request.permissions(), id);
    }

    /** Goes down a name at a time; what is on the way may be a symbolic link to a directory. */
    private static Inode makeAll(Tree tree, MetaPath path, MkdirRequest request, List<Long> ids) throws MetaException {
        Place at = tree.find(
                path.absolute() ? PathAt.of("/") : PathAt.inode(request.at().base()), true);
        for (int depth = 0; depth < path.names().size(); depth++) {
            long directory = at.existingDirectory().inodeId();
            at = tree.find(new PathAt(directory, path.names().get(depth)), true);
            if (at.entry().isEmpty()) {
                make(tree, at, request.permissions(), ids.get(depth));
                at = tree.find(PathAt.inode(ids.get(depth)), true);
            }
        }
        if (!at.existing().isDirectory()) {
            throw Workplace.fault(Kind.EXISTS, request.at());
        }
        return tree.seen(at.existing());
    }

    private static Inode make(Tree tree, Place place, int permissions, long id) throws MetaException {
        Tree.Parent parent = tree.requireMayAdd(place);
        StoredInode made = StoredInode.of(
                tree.newAccess(parent, permissions, true),
                new StoredContent.Directory(
                        parent.inodeId(),
                        place.name(),
                        parent.content().chunkSize(),
                        parent.content().stripes(),
                        Optional.empty()),
                parent.quota(),
                tree.now());
        tree.add(parent, place.name(), id, made);
        return tree.namespace().seen(id, made.type()).orElseThrow();
    }
}
