package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.PathRequest;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.StoredEntry;

/** Looks a file or directory up. */
public record StatOperation(Workplace workplace) {
    public Inode run(PathRequest request) throws MetaException, InterruptedException {
        MetaPath path = MetaPath.parse(request.path());
        return workplace.inTransaction(namespace -> {
            StoredEntry entry = namespace.resolve(path).existing();
            return namespace.inodeOf(entry).toInode(entry.inodeId());
        });
    }
}
