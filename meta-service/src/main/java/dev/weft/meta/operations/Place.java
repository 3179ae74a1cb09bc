package dev.weft.meta.operations;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredEntry;
import java.util.Optional;

/**
 * Where a path led.
 *
 * @param parent the directory that has, or would have, the name; empty if what was asked for has none here: the root, a
 *     path that ends in {@code .} or {@code ..}, or an inode by its id
 * @param entry what is there, if anything
 */
record Place(PathAt asked, Optional<Directory> parent, String name, Optional<StoredEntry> entry) {
    /** A directory on the way, with what decides who may use it. */
    record Directory(long inodeId, StoredAccess access) {
        static Directory of(StoredEntry entry) {
            return new Directory(entry.inodeId(), entry.access().orElseThrow());
        }
    }

    static Place ofDirectory(PathAt asked, Directory directory) {
        StoredEntry entry = new StoredEntry(directory.inodeId(), FileType.DIRECTORY, Optional.of(directory.access()));
        return new Place(asked, Optional.empty(), "", Optional.of(entry));
    }

    StoredEntry existing() throws MetaException {
        return entry.orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, asked));
    }

    StoredEntry existingDirectory() throws MetaException {
        StoredEntry found = existing();
        if (!found.isDirectory()) {
            throw Workplace.fault(Kind.NOT_A_DIRECTORY, asked);
        }
        return found;
    }

    /** The directory in which a name is to be added, removed or changed. */
    Directory directory() throws MetaException {
        if (parent.isPresent()) {
            return parent.get();
        }
        boolean root = entry.isPresent() && entry.get().inodeId() == Namespace.ROOT_ID;
        throw Workplace.fault(root ? Kind.BUSY : Kind.INVALID, asked + " is not a name in a directory");
    }
}
