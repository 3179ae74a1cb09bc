package dev.weft.meta.operations;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RenameRequest;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredEntryCodec;
import dev.weft.meta.schema.StoredRequest.Operation;

/**
 * Moves a file or directory, in one step for everyone who looks.
 *
 * <p>Loops: a directory must not come to lie below itself. The entries on both paths have been read, so two renames that
 * together would make a loop conflict, and the second one sees what the first did.
 */
public record RenameOperation(Workplace workplace) {
    public StoredEntry run(RenameRequest request) throws MetaException, InterruptedException {
        MetaPath from = MetaPath.parse(request.from());
        MetaPath to = MetaPath.parse(request.to());
        if (from.isRoot() || to.isRoot()) {
            throw Workplace.fault(Kind.BUSY, "the root cannot be moved or replaced");
        }
        return workplace.once(
                request.request(), Operation.RENAME, StoredEntryCodec.CODEC, namespace -> rename(namespace, from, to));
    }

    private static StoredEntry rename(Namespace namespace, MetaPath from, MetaPath to) throws MetaException {
        Namespace.Resolved source = namespace.resolve(from);
        StoredEntry entry = source.existing();
        Namespace.Resolved target = namespace.resolve(to);
        if (target.ancestors().contains(entry.inodeId())) {
            throw Workplace.fault(Kind.INVALID, to + " is below " + from);
        }
        if (target.entry().isPresent()) {
            if (target.entry().get().inodeId() == entry.inodeId()) {
                return entry;
            }
            replace(namespace, entry, target.entry().get(), to);
        }
        namespace.removeEntry(source.parentId(), from.name());
        namespace.putEntry(target.parentId(), to.name(), entry);
        return entry;
    }

    /** What is at the target goes, if POSIX allows it to be replaced by {@code entry}. */
    private static void replace(Namespace namespace, StoredEntry entry, StoredEntry replaced, MetaPath to)
            throws MetaException {
        if (replaced.type() == FileType.DIRECTORY) {
            if (entry.type() != FileType.DIRECTORY) {
                throw Workplace.fault(Kind.IS_A_DIRECTORY, to);
            }
            if (!namespace.isEmptyDirectory(replaced.inodeId())) {
                throw Workplace.fault(Kind.NOT_EMPTY, to);
            }
        } else if (entry.type() == FileType.DIRECTORY) {
            throw Workplace.fault(Kind.NOT_A_DIRECTORY, to);
        }
        namespace.discard(replaced);
    }
}
