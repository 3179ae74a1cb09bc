package dev.weft.cluster;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.rpc.RpcException;
import dev.weft.serde.Codec;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.util.function.BiConsumer;

/**
 * The store as the primary of one term uses it: each transaction reads the term that is stored, and ends with
 * {@link DeposedException} if it is another one. So nothing is written by a primary that has been replaced, however late.
 */
final class FencedStore {
    /** The term, 8 bytes; written by whoever becomes the primary, and by nobody else. */
    static final Bytes TERM = Bytes.ofUtf8("CE");

    private static final int PAGE = 1000;

    private final KeyValueStore store;
    private final long term;

    FencedStore(KeyValueStore store, long term) {
        this.store = store;
        this.term = term;
    }

    long term() {
        return term;
    }

    /**
     * Runs a transaction, as {@link KeyValueStore#run} does.
     *
     * @throws UnknownOutcomeException if the store fails; what is in memory may be older than what is stored from then on
     */
    <T> T run(KeyValueStore.Body<T, RuntimeException> body) throws InterruptedException {
        try {
            return store.run(tx -> {
                long stored = term(tx);
                if (stored != term) {
                    throw new DeposedException(term, stored);
                }
                return body.run(tx);
            });
        } catch (RpcException | IllegalStateException e) {
            throw new UnknownOutcomeException(e);
        }
    }

    static long term(Transaction tx) {
        return tx.get(TERM).map(value -> value.longAt(0)).orElse(0L);
    }

    static <T> Bytes encode(Codec<T> codec, T value) {
        SerdeWriter out = SerdeWriter.create(codec.sizeHint());
        codec.write(value, out);
        return Bytes.wrap(out.toByteArray());
    }

    static <T> T decode(Codec<T> codec, Bytes value) {
        return codec.read(SerdeReader.of(value.segment()));
    }

    /** Visits all values under a prefix, with what follows the prefix in their keys. */
    static <T> void forEach(Transaction tx, Bytes prefix, Codec<T> codec, BiConsumer<Bytes, T> visitor) {
        KeyRange rest = KeyRange.prefix(prefix);
        while (!rest.isEmpty()) {
            Bytes last = rest.end();
            int count = 0;
            for (KeyValue entry : tx.range(rest, PAGE)) {
                visitor.accept(entry.key().from(prefix.length()), decode(codec, entry.value()));
                last = entry.key();
                count++;
            }
            rest = count < PAGE ? new KeyRange(rest.end(), rest.end()) : rest.after(last);
        }
    }
}
