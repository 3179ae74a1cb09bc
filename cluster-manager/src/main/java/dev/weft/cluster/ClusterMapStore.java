package dev.weft.cluster;

import dev.weft.api.cluster.ChainCodec;
import dev.weft.api.cluster.NodeInfoCodec;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.serde.Codec;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cluster map in the key-value store.
 *
 * <pre>
 *   "CV"                         -> routing version, 8 bytes, big-endian
 *   "CN" + node id (8 bytes, BE)  -> NodeInfo
 *   "CC" + chain id (8 bytes, BE) -> Chain
 * </pre>
 */
final class ClusterMapStore {
    private static final Bytes VERSION = Bytes.ofUtf8("CV");
    private static final Bytes NODES = Bytes.ofUtf8("CN");
    private static final Bytes CHAINS = Bytes.ofUtf8("CC");
    private static final int PAGE = 1000;

    private final KeyValueStore store;

    ClusterMapStore(KeyValueStore store) {
        this.store = store;
    }

    ClusterMap load() throws InterruptedException {
        return store.run(tx ->
                new ClusterMap(version(tx), all(tx, NODES, NodeInfoCodec.CODEC), all(tx, CHAINS, ChainCodec.CODEC)));
    }

    /**
     * Writes what differs.
     *
     * @throws RpcException FAILED_PRECONDITION if {@code before} is not what is stored: another manager is at work
     */
    void save(ClusterMap before, ClusterMap after) throws InterruptedException {
        store.run(tx -> {
            long stored = version(tx);
            // After a commit of unknown outcome the new version may be there already, written by this very call.
            if (stored != before.version() && stored != after.version()) {
                throw new RpcException(
                        StatusCode.FAILED_PRECONDITION,
                        "another manager has stored routing " + stored + " after " + before.version());
            }
            tx.put(VERSION, Bytes.ofLong(after.version()));
            putChanged(tx, NODES, NodeInfoCodec.CODEC, before.nodes(), after.nodes());
            putChanged(tx, CHAINS, ChainCodec.CODEC, before.chains(), after.chains());
            return after;
        });
    }

    private static long version(Transaction tx) {
        return tx.get(VERSION).map(value -> value.longAt(0)).orElse(0L);
    }

    private static <T> SortedMap<Integer, T> all(Transaction tx, Bytes prefix, Codec<T> codec) {
        SortedMap<Integer, T> found = new TreeMap<>();
        KeyRange rest = KeyRange.prefix(prefix);
        while (!rest.isEmpty()) {
            Bytes last = rest.end();
            int count = 0;
            for (KeyValue entry : tx.range(rest, PAGE)) {
                found.put(
                        (int) entry.key().longAt(prefix.length()),
                        codec.read(SerdeReader.of(entry.value().segment())));
                last = entry.key();
                count++;
            }
            rest = count < PAGE ? new KeyRange(rest.end(), rest.end()) : rest.after(last);
        }
        return found;
    }

    private static <T> void putChanged(
            Transaction tx, Bytes prefix, Codec<T> codec, SortedMap<Integer, T> before, SortedMap<Integer, T> after) {
        after.forEach((id, value) -> {
            if (!value.equals(before.get(id))) {
                SerdeWriter out = SerdeWriter.create(codec.sizeHint());
                codec.write(value, out);
                tx.put(Bytes.concat(prefix, Bytes.ofLong(id)), Bytes.wrap(out.toByteArray()));
            }
        });
    }
}
