package dev.weft.storage;

import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.UpdateReply;
import dev.weft.api.storage.WriteTag;
import dev.weft.storage.engine.Applied;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.WriteId;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Tells new changes from repeated ones, so that each is applied once. */
final class WriteTags {
    private final ChunkEngine engine;
    private final Counters counters;

    /** Those being applied now. */
    private final Set<Stream> busy = ConcurrentHashMap.newKeySet();

    WriteTags(ChunkEngine engine, Counters counters) {
        this.engine = engine;
        this.counters = counters;
    }

    /** Keeps others of the same client and channel out, until it is closed. */
    Held enter(long target, WriteTag tag) throws StorageException {
        Stream stream = new Stream(target, tag.client(), tag.channel());
        if (!busy.add(stream)) {
            throw Faults.of(Kind.IN_PROGRESS, "a write of " + tag + " is in progress on target " + target);
        }
        return () -> busy.remove(stream);
    }

    /** The answer that the tag's change got before, if it was committed here. */
    Optional<UpdateReply> answered(long target, WriteTag tag, int chainVersion) throws StorageException {
        Applied last = engine.applied(target, id(tag)).orElse(null);
        if (last == null || last.writer().sequence() < tag.sequence()) {
            return Optional.empty();
        }
        if (last.writer().sequence() > tag.sequence()) {
            counters.count(Event.SEQUENCE_STALE);
            throw Faults.of(
                    Kind.STALE_SEQUENCE,
                    "target " + target + " has applied " + last.writer() + ", which is later than " + tag);
        }
        counters.count(Event.RETRY_ANSWERED);
        return Optional.of(new UpdateReply(last.number(), last.length(), last.checksum(), chainVersion));
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
