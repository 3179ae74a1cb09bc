package dev.weft.meta.operations;

import dev.weft.meta.schema.StoredEntry;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where names led when they were last followed, so that a walk can fetch all entries of its path at once. What is here may be
 * wrong: the walk looks at the entries all the same, so that a hint can cost a fetch in vain and nothing else, and need never be
 * taken back.
 *
 * <p>Of fixed size: names that meet in one slot put each other out. Thread-safe without locks.
 */
public final class PathHints {
    private static final int SLOTS = 1 << 16;

    /** What a name led to. */
    record Hint(long parentId, String name, StoredEntry entry) {}

    private final AtomicReferenceArray<@Nullable Hint> slots = new AtomicReferenceArray<>(SLOTS);

    @Nullable
    StoredEntry find(long parentId, String name) {
        Hint hint = slots.getAcquire(slot(parentId, name));
        return hint != null && hint.parentId == parentId && hint.name.equals(name) ? hint.entry : null;
    }

    void learn(long parentId, String name, StoredEntry entry) {
        StoredEntry known = find(parentId, name);
        if (known == null || known.inodeId() != entry.inodeId()) {
            slots.setRelease(slot(parentId, name), new Hint(parentId, name, entry));
        }
    }

    private static int slot(long parentId, String name) {
        long mixed = (parentId * 31 + name.hashCode()) * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 48);
    }
}
