package dev.weft.cli;

import dev.weft.rpc.recorder.RecorderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a server process runs.
 *
 * @param nodeId its name in the cluster
 * @param data the folder that holds all it keeps
 * @param listen addresses
 * @param manager the cluster managers' addresses
 * @param store where a manager or metadata server finds the key-value store that it shares: one address for each process that
 *     holds it; empty for a server that has its own
 * @param storeSettings how a server of role kv holds its store
 * @param targets of a storage node
 * @param replicas of each chunk, as a manager sets up chains
 * @param storageNodes that a manager waits for before it sets up chains
 * @param failureTime after which a manager takes a silent node out of use
 * @param recording of every call
 */
record ServerSettings(
        Role role,
        int nodeId,
        Path data,
        List<String> listen,
        List<String> manager,
        List<String> store,
        StoreSettings storeSettings,
        int targets,
        int replicas,
        int storageNodes,
        Duration failureTime,
        RecordingSettings recording) {
    ServerSettings {
        listen = List.copyOf(listen);
        manager = List.copyOf(manager);
        store = List.copyOf(store);
        requireInRange("node-id", nodeId, 1, 1_000_000);
        requireInRange("targets", targets, 1, 1000);
        requireInRange("replicas", replicas, 1, 9);
        requireInRange("storage-nodes", storageNodes, replicas, 10_000);
        if (failureTime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new UsageException("failure-time of " + failureTime + " is shorter than a second");
        }
        if (manager.isEmpty() && (role == Role.META || role == Role.STORAGE)) {
            throw new UsageException("manager is missing: where is the cluster manager?");
        }
        if (!store.isEmpty() && role != Role.MANAGER && role != Role.META) {
            throw new UsageException("store is for roles manager and meta, not for "
                    + role.name().toLowerCase(Locale.ROOT));
        }
        if (role != Role.KV && !storeSettings.equals(StoreSettings.alone())) {
            throw new UsageException(String.join(", ", StoreSettings.KEYS) + " are for role kv only");
        }
    }

    private static final List<String> KEYS = List.of(
            "role",
            "node-id",
            "data",
            "listen",
            "manager",
            "store",
            "engine",
            "peer",
            "peers",
            "join",
            "targets",
            "replicas",
            "storage-nodes",
            "failure-time",
            "record",
            "record-folder",
            "record-limit");

    /**
     * Reads settings from their text form.
     *
     * @throws UsageException for a key that is unknown, and names the nearest, or a value that is not valid
     */
    static ServerSettings of(Map<String, String> values) {
        for (String key : values.keySet()) {
            if (!KEYS.contains(key)) {
                throw new UsageException("unknown key '" + key + "'; " + nearest(key));
            }
        }
        Role role = role(values.getOrDefault("role", "all"));
        int replicas = number(values, "replicas", role == Role.ALL ? 1 : 3);
        return new ServerSettings(
                role,
                number(values, "node-id", defaultNodeId(role)),
                Path.of(values.getOrDefault("data", ".weft")),
                list(values.getOrDefault("listen", "tcp://127.0.0.1:7100")),
                list(values.getOrDefault("manager", "")),
                list(values.getOrDefault("store", "")),
                StoreSettings.of(values),
                number(values, "targets", 4),
                replicas,
                number(values, "storage-nodes", replicas),
                seconds(values.getOrDefault("failure-time", "6s")),
                RecordingSettings.of(values));
    }

    /** Of the flight recorder: where, and how much. */
    RecorderConfig recorder() {
        return recording.config(data);
    }

    private static int defaultNodeId(Role role) {
        return switch (role) {
            case MANAGER, ALL, KV -> 1;
            case META -> 2;
            case STORAGE -> 11;
        };
    }

    private static Role role(String text) {
        for (Role role : Role.values()) {
            if (role.name().equalsIgnoreCase(text)) {
                return role;
            }
        }
        throw new UsageException("role '" + text + "' is none of manager, meta, storage, kv, all");
    }

    private static int number(Map<String, String> values, String key, int otherwise) {
        String text = values.get(key);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new UsageException(key + " '" + text + "' is not a number");
        }
    }

    private static Duration seconds(String text) {
        try {
            return Duration.parse("PT" + text);
        } catch (DateTimeParseException e) {
            throw new UsageException("failure-time '" + text + "' is not a duration; write for example 6s or 1m");
        }
    }

    private static List<String> list(String text) {
        List<String> items = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    private static void requireInRange(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new UsageException(key + " of " + value + " is not in " + min + ".." + max);
        }
    }

    private static String nearest(String key) {
        Optional<String> near =
                KEYS.stream().filter(known -> distance(known, key) <= 2).findFirst();
        return near.map(known -> "did you mean '" + known + "'?").orElse("known are " + String.join(", ", KEYS));
    }

    /** Insertions, removals and replacements that lead from one word to the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    /** The text form, as it is printed at start. */
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        values.put("role", role.name().toLowerCase(Locale.ROOT));
        values.put("node-id", Integer.toString(nodeId));
        values.put("data", data.toString());
        values.put("listen", String.join(",", listen));
        values.put("manager", String.join(",", manager));
        values.put("store", String.join(",", store));
        storeSettings.putValues(values);
        values.put("targets", Integer.toString(targets));
        values.put("replicas", Integer.toString(replicas));
        values.put("storage-nodes", Integer.toString(storageNodes));
        values.put("failure-time", failureTime.toString().substring(2).toLowerCase(Locale.ROOT));
        recording.putValues(values);
        return values;
    }
}
