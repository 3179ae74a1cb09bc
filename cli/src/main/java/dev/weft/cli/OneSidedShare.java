package dev.weft.cli;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much of what was stored and read travelled one-sided, by the counters of all processes. Storing, each replica reads
 * the memory of the one before it, the first that of the client; reading, a replica writes to the client's memory. For one
 * thread.
 */
final class OneSidedShare {
    private final ClusterConnection connection;
    private final StringBuilder table = new StringBuilder(String.format(
            Locale.ROOT,
            "%-36s %10s %8s %10s %8s %10s %10s %9s%n",
            "one-sided",
            "files",
            "reads",
            "read",
            "writes",
            "written",
            "messages",
            "doorbells"));
    private SortedMap<String, Long> last;

    /** Counts from now on. */
    OneSidedShare(ClusterConnection connection) throws NoClusterException {
        this.connection = connection;
        this.last = connection.transportCounters();
    }

    /** Ends a piece of work in which so many bytes had to reach their places. */
    void after(String work, long bytes) throws NoClusterException {
        SortedMap<String, Long> now = connection.transportCounters();
        SortedMap<String, Long> grown = new TreeMap<>(now);
        last.forEach((name, value) -> grown.merge(name, -value, Long::sum));
        last = now;
        add(work, Sizes.text(bytes), grown);
    }

    /** Ends with the sum of all. */
    void total(String label) throws NoClusterException {
        SortedMap<String, Long> counters = connection.transportCounters();
        add(label, "", counters);
        table.append(String.format(
                Locale.ROOT,
                "queue pairs: %d made, %d failed, %d made again; %d transfers posted again; %s staged%n",
                counter(counters, "queue-pairs"),
                counter(counters, "queue-pair-failures"),
                counter(counters, "queue-pair-rebuilds"),
                counter(counters, "replays"),
                Sizes.text(counter(counters, "staged-bytes"))));
    }

    private void add(String label, String bytes, Map<String, Long> counters) {
        table.append(String.format(
                Locale.ROOT,
                "%-36s %10s %8d %10s %8d %10s %10s %9d%n",
                label,
                bytes,
                counter(counters, "reads"),
                Sizes.text(counter(counters, "read-bytes")),
                counter(counters, "writes"),
                Sizes.text(counter(counters, "write-bytes")),
                Sizes.text(counter(counters, "send-bytes")),
                counter(counters, "posts")));
    }

    private static long counter(Map<String, Long> counters, String name) {
        return counters.getOrDefault("rdma." + name, 0L);
    }

    @Override
    public String toString() {
        return table.toString();
    }
}
