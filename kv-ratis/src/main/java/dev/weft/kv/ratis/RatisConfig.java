package dev.weft.kv.ratis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How one peer of a replicated store runs.
 *
 * @param folder of its log and its data; nobody else's
 * @param self id of this peer
 * @param peers all of the first peers with this one among them; or this one alone, which waits to be added to a store
 * @param joins whether this peer waits to be added
 * @param electionMin of silence of the leader before another peer wants to lead; each waits a time by chance up to
 *     {@code electionMax}
 * @param snapshotEntries log entries after which a peer writes a snapshot and cuts its log
 * @param entryBytesMax of the transactions in one log entry; no less than the largest transaction
 * @param entriesInFlightMax log entries that may be on their way; while they are, the next one gathers
 */
public record RatisConfig(
        Path folder,
        String self,
        List<RatisPeer> peers,
        boolean joins,
        Duration electionMin,
        Duration electionMax,
        long snapshotEntries,
        int entryBytesMax,
        int entriesInFlightMax) {
    public RatisConfig {
        peers = List.copyOf(peers);
        String id = self;
        if (peers.stream().noneMatch(peer -> peer.id().equals(id))) {
            throw new IllegalArgumentException("peer " + self + " is not among the peers " + peers);
        }
        if (peers.stream().map(RatisPeer::id).distinct().count() != peers.size()) {
            throw new IllegalArgumentException("two peers have one id: " + peers);
        }
        if (joins && peers.size() != 1) {
            throw new IllegalArgumentException("a peer that joins is given no others, not " + peers);
        }
        if (electionMin.toMillis() < 10 || electionMax.compareTo(electionMin) <= 0) {
            throw new IllegalArgumentException(
                    "election times " + electionMin + " to " + electionMax + " must grow from 10 ms on");
        }
        atLeast("snapshot-entries", snapshotEntries, 1);
        atLeast("entry-bytes-max", entryBytesMax, 1 << 16);
        atLeast("entries-in-flight-max", entriesInFlightMax, 1);
    }

    /** A peer among the first ones of a store. */
    public static RatisConfig of(Path folder, String self, List<RatisPeer> peers) {
        // A leader is missed after half a second to a second: long beside a pause of a busy machine, short beside three
        // seconds.
        return new RatisConfig(
                folder, self, peers, false, Duration.ofMillis(500), Duration.ofMillis(900), 50_000, 12 << 20, 4);
    }

    /** A peer that is to be added to a store that runs. */
    public static RatisConfig joining(Path folder, RatisPeer self) {
        RatisConfig alone = of(folder, self.id(), List.of(self));
        return new RatisConfig(
                folder,
                self.id(),
                alone.peers,
                true,
                alone.electionMin,
                alone.electionMax,
                alone.snapshotEntries,
                alone.entryBytesMax,
                alone.entriesInFlightMax);
    }

    public RatisConfig withSnapshotEntries(long entries) {
        return new RatisConfig(
                folder, self, peers, joins, electionMin, electionMax, entries, entryBytesMax, entriesInFlightMax);
    }

    RatisPeer own() {
        return peers.stream().filter(peer -> peer.id().equals(self)).findFirst().orElseThrow();
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
    }
}
