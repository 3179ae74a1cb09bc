package dev.weft.meta.check;

import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Whether directories lead up to an end, be it the root or one that was removed. For one thread. */
final class Ancestors {
    /** Of those that do, as many are known at a time. */
    private static final int KNOWN_MAX = 100_000;

    private final Namespace namespace;
    private final Set<Long> sound = new LinkedHashSet<>();

    Ancestors(Namespace namespace) {
        this.namespace = namespace;
    }

    /** Whether the directory is below itself; those that are only below a loop are not. */
    boolean isLoop(long directoryId) {
        Set<Long> way = new HashSet<>();
        long id = directoryId;
        while (id != 0 && !sound.contains(id)) {
            if (!way.add(id)) {
                return id == directoryId;
            }
            Optional<StoredInode> inode = namespace.inode(id);
            id = inode.isPresent() && inode.get().content() instanceof StoredContent.Directory at ? at.parentId() : 0;
        }
        if (sound.size() + way.size() > KNOWN_MAX) {
            sound.clear();
        }
        sound.addAll(way);
        return false;
    }
}
