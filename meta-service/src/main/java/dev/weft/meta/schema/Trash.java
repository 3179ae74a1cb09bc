package dev.weft.meta.schema;

import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is in the trash and when it expires. Something that was moved back, or removed, is forgotten when it would. */
public final class Trash {
    /** Looked at in one transaction. */
    private static final int PAGE = 100;

    private Trash() {}

    public static void note(Transaction tx, Instant expiry, long inodeId, long parentId, String name) {
        StoredTrash place = new StoredTrash(parentId, name);
        tx.put(Keys.trash(expiry, inodeId), Records.encode(StoredTrashCodec.CODEC, place));
    }

    /** Takes the names of what expired, and so leaves it to the collector. */
    public static void expire(KeyValueStore store, Instant now) throws InterruptedException {
        boolean more = true;
        while (more) {
            more = store.run(tx -> {
                List<KeyValue> page = tx.range(Keys.expired(now), PAGE);
                for (KeyValue found : page) {
                    StoredTrash place = Records.decode(StoredTrashCodec.CODEC, found.value());
                    remove(new Namespace(tx), Keys.inodeInTrash(found.key()), place, now);
                    tx.clear(KeyRange.of(found.key()));
                }
                return page.size() == PAGE;
            });
        }
    }

    private static void remove(Namespace namespace, long inodeId, StoredTrash place, Instant now) {
        Optional<StoredEntry> entry = namespace.entry(place.parentId(), place.name());
        if (entry.isEmpty() || entry.get().inodeId() != inodeId) {
            return;
        }
        namespace.removeEntry(place.parentId(), place.name());
        namespace.touch(place.parentId(), now);
        if (entry.get().isDirectory()) {
            namespace.countDirectories(place.parentId(), -1);
        }
        namespace.release(entry.get(), namespace.inodeOf(entry.get()), now);
    }
}
