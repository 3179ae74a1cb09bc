package dev.weft.simulation;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainCodec;
import dev.weft.kv.Bytes;
import dev.weft.kv.StoreWrite;
import dev.weft.serde.SerdeReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at every commit of the managers, in the order in which they take effect: only who has begun the newest term writes,
 * versions grow, and what has once been a version of a chain stays what it is.
 */
final class StoreWatch implements SharedStore.Watch {
    private static final Bytes TERM = Bytes.ofUtf8("CE");
    private static final Bytes LEASE = Bytes.ofUtf8("CL");
    private static final Bytes VERSION = Bytes.ofUtf8("CV");
    private static final Bytes CHAINS = Bytes.ofUtf8("CC");

    private final World world;
    private long term;
    private String primary = "nobody";
    private long mapVersion;

    /** By id and version. */
    private final Map<Integer, Map<Integer, Chain>> chains = new HashMap<>();

    private final Map<Integer, Integer> newest = new HashMap<>();

    StoreWatch(World world) {
        this.world = world;
    }

    @Override
    public void committed(String holder, List<StoreWrite> writes) {
        for (StoreWrite write : writes) {
            if (write instanceof StoreWrite.Put(var key, var value)) {
                Bytes name = Bytes.copyOf(key);
                if (name.equals(TERM)) {
                    begun(holder, Bytes.copyOf(value).longAt(0));
                } else if (!name.equals(LEASE)) {
                    written(holder, name, Bytes.copyOf(value));
                }
            }
        }
    }

    /** Whether they change the cluster map. */
    @Override
    public boolean matters(List<StoreWrite> writes) {
        return writes.stream()
                .anyMatch(write -> write instanceof StoreWrite.Put(var key, var _)
                        && Bytes.copyOf(key).equals(VERSION));
    }

    private void begun(String holder, long next) {
        if (next <= term) {
            world.fail("term " + next + " of " + holder + " follows term " + term + " of " + primary, null);
        }
        world.coverage().count("manager.term");
        term = next;
        primary = holder;
    }

    private void written(String holder, Bytes key, Bytes value) {
        if (!holder.equals(primary)) {
            world.fail(holder + " has written " + key + " in term " + term + " of " + primary, null);
        }
        if (key.equals(VERSION)) {
            long next = value.longAt(0);
            if (next < mapVersion) {
                world.fail("routing version " + next + " follows " + mapVersion, null);
            }
            mapVersion = next;
        } else if (key.startsWith(CHAINS)) {
            stored(ChainCodec.CODEC.read(SerdeReader.of(value.segment())));
        }
    }

    private void stored(Chain chain) {
        int last = newest.getOrDefault(chain.chainId(), 0);
        Chain same =
                chains.computeIfAbsent(chain.chainId(), _ -> new HashMap<>()).putIfAbsent(chain.version(), chain);
        if (chain.version() < last) {
            world.fail("version " + last + " of a chain is followed by " + chain, null);
        }
        if (same != null && !same.equals(chain)) {
            world.fail("the same version of a chain is " + same + " and " + chain, null);
        }
        newest.put(chain.chainId(), chain.version());
    }

    /** A manager has shown this to somebody. */
    void shown(String manager, Chain chain) {
        if (!chain.equals(chains.getOrDefault(chain.chainId(), Map.of()).get(chain.version()))) {
            world.fail(manager + " shows a chain that was never stored: " + chain, null);
        }
    }
}
