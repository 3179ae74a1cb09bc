package dev.weft.cluster;

import dev.weft.api.cluster.ConfigChange;
import dev.weft.api.cluster.ConfigSet;
import dev.weft.api.cluster.ConfigSetCodec;
import dev.weft.api.cluster.NodeRole;
import dev.weft.kv.Bytes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Options by kind of node.
 *
 * <pre>
 *   "CG" + name of the role -> ConfigSet
 * </pre>
 *
 * Not thread-safe.
 */
final class Configs {
    private static final Bytes PREFIX = Bytes.ofUtf8("CG");
    private static final int OPTIONS_MAX = 200;
    private static final int KEY_CHARS_MAX = 100;
    private static final int VALUE_CHARS_MAX = 256;

    private final FencedStore store;
    private final Map<NodeRole, ConfigSet> sets = new EnumMap<>(NodeRole.class);

    private Configs(FencedStore store) {
        this.store = store;
    }

    static Configs load(FencedStore store) throws InterruptedException {
        Map<NodeRole, ConfigSet> loaded = store.run(tx -> {
            Map<NodeRole, ConfigSet> found = new EnumMap<>(NodeRole.class);
            FencedStore.forEach(tx, PREFIX, ConfigSetCodec.CODEC, (_, set) -> found.put(set.role(), set));
            return found;
        });
        Configs configs = new Configs(store);
        configs.sets.putAll(loaded);
        return configs;
    }

    ConfigSet of(NodeRole role) {
        ConfigSet set = sets.get(role);
        return set == null ? new ConfigSet(role, 0, Map.of()) : set;
    }

    /** Newer options than those of {@code version}. */
    Optional<ConfigSet> newerThan(long version, NodeRole role) {
        return Optional.of(of(role)).filter(set -> set.version() > version);
    }

    /** Stores the change, if it is one. */
    ConfigSet change(ConfigChange change) throws InterruptedException {
        ConfigSet before = of(change.role());
        TreeMap<String, String> options = new TreeMap<>(before.options());
        change.set().forEach((key, value) -> {
            requireLength("option", key, KEY_CHARS_MAX);
            requireLength("value of " + key, value, VALUE_CHARS_MAX);
            options.put(key, value);
        });
        change.remove().forEach(options::remove);
        if (options.size() > OPTIONS_MAX) {
            throw Refusal.tooMany(options.size() + " options are more than " + OPTIONS_MAX)
                    .toException();
        }
        if (options.equals(before.options())) {
            return before;
        }
        ConfigSet after = new ConfigSet(change.role(), before.version() + 1, options);
        store.run(tx -> {
            tx.put(
                    Bytes.concat(PREFIX, Bytes.ofUtf8(change.role().name())),
                    FencedStore.encode(ConfigSetCodec.CODEC, after));
            return after;
        });
        sets.put(change.role(), after);
        return after;
    }

    private static void requireLength(String what, String text, int max) {
        if (text.isEmpty() || text.length() > max) {
            throw Refusal.invalid(what + " has " + text.length() + " characters, must have 1 to " + max)
                    .toException();
        }
    }
}
