package dev.weft.meta.schema;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The requests carried out lately, written in the same transaction as their work. A request that is repeated, by its
 * caller or after a commit of unknown outcome, is answered from here and not done twice.
 */
public final class RequestLog {
    /** Forgotten in one transaction. */
    private static final int PAGE = 500;

    private RequestLog() {}

    /** The encoded reply, if this request has been carried out. */
    public static Optional<Bytes> find(Transaction tx, UUID request, Operation operation) throws MetaException {
        Optional<Bytes> stored = tx.get(Keys.request(request));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        StoredRequest found = Records.decode(StoredRequestCodec.CODEC, stored.get());
        if (found.operation() != operation) {
            throw MetaPath.fault(
                    Kind.INVALID, "request " + request + " was a " + found.operation() + ", not a " + operation);
        }
        return Optional.of(Bytes.copyOf(found.reply()));
    }

    public static void add(Transaction tx, UUID request, Operation operation, Bytes reply, Instant now) {
        StoredRequest record = new StoredRequest(operation, reply.segment(), now);
        tx.put(Keys.request(request), Records.encode(StoredRequestCodec.CODEC, record));
        tx.putStamped(Keys.REQUEST_AGES, Keys.bytes(request), Bytes.ofLong(now.toEpochMilli()));
        tx.add(Keys.REQUEST_COUNT, 1);
    }

    /** Forgets the oldest: all beyond {@code countMax}, and those older than {@code age}. */
    public static void expire(KeyValueStore store, Instant now, Duration age, long countMax)
            throws InterruptedException {
        while (expirePage(store, now.minus(age).toEpochMilli(), countMax) == PAGE) {
            // More may be old.
        }
    }

    private static int expirePage(KeyValueStore store, long bornBefore, long countMax) throws InterruptedException {
        return store.run(tx -> {
            long surplus = count(tx) - countMax;
            List<KeyValue> oldest = tx.snapshotRange(KeyRange.prefix(Keys.REQUEST_AGES), PAGE);
            int forgotten = 0;
            for (KeyValue entry : oldest) {
                if (entry.value().longAt(0) >= bornBefore && forgotten >= surplus) {
                    break;
                }
                // Conflicts with another server that forgets the same, so that the count stays right.
                tx.addReadConflict(KeyRange.of(entry.key()));
                tx.remove(entry.key());
                tx.remove(Keys.requestOfAge(entry.key()));
                forgotten++;
            }
            if (forgotten > 0) {
                tx.add(Keys.REQUEST_COUNT, -forgotten);
            }
            return forgotten;
        });
    }

    /** How many are remembered. */
    public static long count(Transaction tx) {
        return tx.snapshotGet(Keys.REQUEST_COUNT).map(Bytes::counter).orElse(0L);
    }
}
