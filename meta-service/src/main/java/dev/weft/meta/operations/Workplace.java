package dev.weft.meta.operations;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.meta.ChunkStore;
import dev.weft.meta.MetaConfig;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.RequestLog;
import dev.weft.meta.schema.StoredRequest.Operation;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Environment;
import dev.weft.serde.Codec;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What the operations of one server share. */
public record Workplace(
        MetaConfig config,
        Environment environment,
        KeyValueStore store,
        InodeIds inodeIds,
        PathHints hints,
        Layouts layouts,
        ChunkStore chunks,
        Settlements settlements) {
    /** The work of an operation, done in one transaction; done again when that conflicts. */
    @FunctionalInterface
    interface Work<R> {
        R in(Tree tree) throws MetaException;
    }

    Clock clock() {
        return environment.clock();
    }

    Instant now() {
        return environment.clock().instant();
    }

    UUID randomUuid() {
        return new UUID(
                (environment.random().nextLong() & ~0xf000L) | 0x4000L,
                (environment.random().nextLong() & ~(3L << 62)) | (2L << 62));
    }

    <R> R inTransaction(Credentials caller, Work<R> work) throws MetaException, InterruptedException {
        return store.run((Transaction tx) -> work.in(tree(tx, caller)));
    }

    /** Does the work unless {@code request} has been carried out before; its reply is remembered with it. */
    <R> R once(UUID request, Operation operation, Codec<R> codec, Credentials caller, Work<R> work)
            throws MetaException, InterruptedException {
        return onceIfDone(request, operation, codec, caller, tree -> Optional.of(work.in(tree)))
                .orElseThrow();
    }

    /** The same for work that may turn out not to be for one transaction; nothing is remembered of it then. */
    <R> Optional<R> onceIfDone(
            UUID request, Operation operation, Codec<R> codec, Credentials caller, Work<Optional<R>> work)
            throws MetaException, InterruptedException {
        return store.run((Transaction tx) -> {
            Optional<Bytes> earlier = RequestLog.find(tx, request, operation);
            if (earlier.isPresent()) {
                return Optional.of(Records.decode(codec, earlier.get()));
            }
            Optional<R> reply = work.in(tree(tx, caller));
            if (reply.isPresent()) {
                RequestLog.add(tx, request, operation, Records.encode(codec, reply.get()), now());
            }
            return reply;
        });
    }

    private Tree tree(Transaction tx, Credentials caller) {
        return new Tree(new Namespace(tx), hints, caller, now());
    }

    static MetaException fault(MetaFault.Kind kind, Object about) {
        return new MetaException(new MetaFault(kind, about.toString()));
    }
}
