package dev.weft.cluster;

import dev.weft.api.cluster.ChainCodec;
import dev.weft.api.cluster.ChainTableCodec;
import dev.weft.api.cluster.NodeInfoCodec;
import dev.weft.kv.Bytes;
import dev.weft.kv.Transaction;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.serde.Codec;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The cluster map in the key-value store, and the cluster's name.
 *
 * <pre>
 *   "CI"                          -> name of the cluster, UTF-8
 *   "CV"                          -> version of the map, 8 bytes, big-endian
 *   "CN" + node id (8 bytes, BE)  -> NodeInfo
 *   "CC" + chain id (8 bytes, BE) -> Chain
 *   "CT" + table id (8 bytes, BE) -> ChainTable
 *   "CO" + chain id (8 bytes, BE) -> ChainOrder
 *   "CP"                          -> Plan
 * </pre>
 */
final class ClusterMapStore {
    private static final Bytes NAME = Bytes.ofUtf8("CI");
    private static final Bytes VERSION = Bytes.ofUtf8("CV");
    private static final Bytes NODES = Bytes.ofUtf8("CN");
    private static final Bytes CHAINS = Bytes.ofUtf8("CC");
    private static final Bytes TABLES = Bytes.ofUtf8("CT");
    private static final Bytes ORDERS = Bytes.ofUtf8("CO");
    private static final Bytes PLAN = Bytes.ofUtf8("CP");

    private final FencedStore store;

    ClusterMapStore(FencedStore store) {
        this.store = store;
    }

    /** The name that the cluster was given when its store was new, which is now if it has none. */
    String clusterId(Supplier<String> fresh) throws InterruptedException {
        return store.run(tx -> {
            String id = tx.get(NAME).map(Bytes::utf8).orElseGet(fresh);
            tx.put(NAME, Bytes.ofUtf8(id));
            return id;
        });
    }

    ClusterMap load() throws InterruptedException {
        return store.run(tx -> new ClusterMap(
                version(tx),
                all(tx, NODES, NodeInfoCodec.CODEC),
                all(tx, CHAINS, ChainCodec.CODEC),
                all(tx, TABLES, ChainTableCodec.CODEC),
                all(tx, ORDERS, ChainOrderCodec.CODEC),
                tx.get(PLAN)
                        .map(value -> FencedStore.decode(PlanCodec.CODEC, value))
                        .orElse(Plan.NOTHING)));
    }

    /**
     * Writes what differs.
     *
     * @throws DeposedException if another manager is the primary now
     * @throws RpcException INTERNAL if {@code before} is not what is stored, which nobody else may have changed
     */
    void save(ClusterMap before, ClusterMap after) throws InterruptedException {
        store.run(tx -> {
            long stored = version(tx);
            // After a commit of unknown outcome the new version may be there already, written by this very call.
            if (stored != before.version() && stored != after.version()) {
                throw new RpcException(
                        StatusCode.INTERNAL, "version " + stored + " is stored instead of " + before.version());
            }
            tx.put(VERSION, Bytes.ofLong(after.version()));
            putChanged(tx, NODES, NodeInfoCodec.CODEC, before.nodes(), after.nodes());
            putChanged(tx, CHAINS, ChainCodec.CODEC, before.chains(), after.chains());
            putChanged(tx, TABLES, ChainTableCodec.CODEC, before.tables(), after.tables());
            putChanged(tx, ORDERS, ChainOrderCodec.CODEC, before.orders(), after.orders());
            tx.put(PLAN, FencedStore.encode(PlanCodec.CODEC, after.plan()));
            return after;
        });
    }

    private static long version(Transaction tx) {
        return tx.get(VERSION).map(value -> value.longAt(0)).orElse(0L);
    }

    private static <T> SortedMap<Integer, T> all(Transaction tx, Bytes prefix, Codec<T> codec) {
        SortedMap<Integer, T> found = new TreeMap<>();
        FencedStore.forEach(tx, prefix, codec, (id, value) -> found.put((int) id.longAt(0), value));
        return found;
    }

    private static <T> void putChanged(
            Transaction tx, Bytes prefix, Codec<T> codec, SortedMap<Integer, T> before, SortedMap<Integer, T> after) {
        after.forEach((id, value) -> {
            if (!value.equals(before.get(id))) {
                tx.put(Bytes.concat(prefix, Bytes.ofLong(id)), FencedStore.encode(codec, value));
            }
        });
        before.keySet().stream()
                .filter(id -> !after.containsKey(id))
                .forEach(id -> tx.remove(Bytes.concat(prefix, Bytes.ofLong(id))));
    }
}
