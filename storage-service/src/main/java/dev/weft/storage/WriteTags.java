package dev.weft.storage;

import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.WriteTag;
import dev.weft.storage.engine.WriteId;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Lets one change of each client and channel in at a time. */
final class WriteTags {
    /** Those being applied now. */
    private final Set<Stream> busy = ConcurrentHashMap.newKeySet();

    /** Keeps others of the same client and channel out, until it is closed. */
    Held enter(long target, WriteTag tag) throws StorageException {
        Stream stream = new Stream(target, tag.client(), tag.channel());
        if (!busy.add(stream)) {
            throw Faults.of(Kind.IN_PROGRESS, "a write of " + tag + " is in progress on target " + target);
        }
        return () -> busy.remove(stream);
    }

    static WriteId id(WriteTag tag) {
        return new WriteId(tag.client(), tag.channel(), tag.sequence());
    }

    static WriteTag tag(WriteId id) {
        return new WriteTag(id.client(), id.channel(), id.sequence());
    }

    /** A tag being applied. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private record Stream(long target, UUID client, int channel) {}
}
