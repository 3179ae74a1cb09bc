package dev.weft.meta.operations;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredEntryCodec;
import dev.weft.meta.schema.StoredRequest.Operation;

/** Takes a name away, at the same cost for a file and for a large tree; the collector removes what hung on it. */
public record RemoveOperation(Workplace workplace) {
    public StoredEntry run(RemoveRequest request) throws MetaException, InterruptedException {
        MetaPath path = MetaPath.parse(request.path());
        if (path.isRoot()) {
            throw Workplace.fault(Kind.BUSY, "the root cannot be removed");
        }
        return workplace.once(
                request.request(),
                Operation.REMOVE,
                StoredEntryCodec.CODEC,
                namespace -> remove(namespace, path, request.kind()));
    }

    private static StoredEntry remove(Namespace namespace, MetaPath path, RemoveRequest.Kind kind)
            throws MetaException {
        Namespace.Resolved at = namespace.resolve(path);
        StoredEntry entry = at.existing();
        boolean directory = entry.type() == FileType.DIRECTORY;
        switch (kind) {
            case UNLINK -> {
                if (directory) {
                    throw Workplace.fault(Kind.IS_A_DIRECTORY, path);
                }
            }
            case RMDIR -> {
                if (!directory) {
                    throw Workplace.fault(Kind.NOT_A_DIRECTORY, path);
                }
                if (!namespace.isEmptyDirectory(entry.inodeId())) {
                    throw Workplace.fault(Kind.NOT_EMPTY, path);
                }
            }
            case RECURSIVE -> {}
        }
        namespace.removeEntry(at.parentId(), path.name());
        namespace.discard(entry);
        return entry;
    }
}
