package dev.weft.meta.operations;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Creates a directory, and with {@code parents} all that is missing on the way to it. */
public record MkdirOperation(Workplace workplace) {
    public Inode run(MkdirRequest request) throws MetaException, InterruptedException {
        MetaPath path = MetaPath.parse(request.path());
        int permissions = Permissions.check(request.permissions());
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < (request.parents() ? path.names().size() : 1); i++) {
            ids.add(workplace.inodeIds().next());
        }
        return workplace.once(
                request.request(),
                Operation.MKDIR,
                InodeCodec.CODEC,
                namespace -> request.parents()
                        ? makeAll(namespace, path, permissions, ids)
                        : makeOne(namespace, path, permissions, ids.getFirst()));
    }

    private Inode makeOne(Namespace namespace, MetaPath path, int permissions, long id) throws MetaException {
        Namespace.Resolved at = namespace.resolve(path);
        if (at.entry().isPresent()) {
            throw Workplace.fault(Kind.EXISTS, path);
        }
        return make(namespace, at.parentId(), path.name(), permissions, id).toInode(id);
    }

    private Inode makeAll(Namespace namespace, MetaPath path, int permissions, List<Long> ids) throws MetaException {
        long directory = Namespace.ROOT_ID;
        for (int depth = 0; depth < path.names().size(); depth++) {
            String name = path.names().get(depth);
            Optional<StoredEntry> entry = namespace.entry(directory, name);
            if (entry.isEmpty()) {
                make(namespace, directory, name, permissions, ids.get(depth));
                directory = ids.get(depth);
            } else if (entry.get().type() == FileType.DIRECTORY) {
                directory = entry.get().inodeId();
            } else {
                boolean last = depth == path.names().size() - 1;
                throw Workplace.fault(last ? Kind.EXISTS : Kind.NOT_A_DIRECTORY, "'" + name + "' in " + path);
            }
        }
        return namespace.inodeOf(new StoredEntry(directory, FileType.DIRECTORY)).toInode(directory);
    }

    private StoredInode make(Namespace namespace, long parentId, String name, int permissions, long id) {
        StoredInode directory = StoredInode.directory(permissions, workplace.now());
        namespace.putInode(id, directory);
        namespace.putEntry(parentId, name, new StoredEntry(id, FileType.DIRECTORY));
        return directory;
    }
}
