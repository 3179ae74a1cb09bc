package dev.weft.kv.ratis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What Ratis is told. */
final class RatisSettings {
    /** Beside an entry in its messages and buffers: Ratis's own fields. */
    private static final int OVERHEAD_BYTES = 1 << 16;

    /** Entries that a follower may miss and still be sent them, not a snapshot. */
    private static final int KEPT_ENTRIES = 1000;

    private RatisSettings() {}

    static RaftProperties of(RatisConfig config) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(config.folder().resolve("raft").toFile()));
        GrpcConfigKeys.Server.setHost(properties, config.own().host());
        GrpcConfigKeys.Server.setPort(properties, config.own().port());
        times(properties, config);
        sizes(properties, config.entryBytesMax() + OVERHEAD_BYTES);
        reads(properties);
        log(properties, config);
        return properties;
    }

    private static void times(RaftProperties properties, RatisConfig config) {
        TimeDuration min = time(config.electionMin());
        TimeDuration max = time(config.electionMax());
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, max);
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, max);
        // Answers are remembered for clients that ask again; ours never do.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(1, TimeUnit.SECONDS));
    }

    private static void sizes(RaftProperties properties, int entryBytes) {
        SizeInBytes entry = SizeInBytes.valueOf(entryBytes);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, entry);
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(entryBytes + OVERHEAD_BYTES));
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(4L * entryBytes));
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(8L * entryBytes));
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(2L * entryBytes));
    }

    /** A leader is sure of itself by a lease while most peers answer it, and asks them otherwise. */
    private static void reads(RaftProperties properties) {
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
    }

    private static void log(RaftProperties properties, RatisConfig config) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, config.snapshotEntries());
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 1);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(
                properties, Math.min(KEPT_ENTRIES, config.snapshotEntries()));
        RaftServerConfigKeys.Log.setPurgeGap(properties, (int) Math.min(1024, config.snapshotEntries()));
        // A log that ends in the middle of an entry was cut off by a crash: that entry was never acknowledged.
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
