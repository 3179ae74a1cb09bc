package dev.weft.rpc.rdma;

import dev.weft.rpc.rdma.verbs.QpSettings;
import java.time.Duration;
import java.util.List;

/**
 * Sizes, limits and times of RDMA connections.
 *
 * @param ringBuffers buffers of short messages that may be on their way in each direction of a rail; 8 to 1024
 * @param bufferBytes of each of them, also the longest message that is not transferred one-sided; 512 to 65,536
 * @param requestsMax one-sided work requests of a rail that are under way at a time; 16 to 8192
 * @param requestsPerPost the longest chain of them that is posted at once; 1 to {@code requestsMax}
 * @param stripeBytes longer transfers are cut into pieces of this size, which go over all rails; at least 4096
 * @param railsMax network cards that one connection uses at a time; 1 to 8
 * @param permitBytes how much peers and this process together may be moving into this process by transfers that are
 *     longer than {@code permitFromBytes}; more has to wait for its turn, so that many senders do not overrun one port; 0
 *     for no limit
 * @param permitFromBytes transfers shorter than this need no permit
 * @param stagingBytes registered memory of a client or server for long messages on their way; beyond it they wait
 * @param resumeTimeout how long a connection outlives its last rail
 * @param revokeTimeout how long a peer has to let go of memory that was revoked before its connection is ended
 * @param devices names of the devices to use; empty for all
 * @param queuePairs what is below the messages
 */
public record RdmaConfig(
        int ringBuffers,
        int bufferBytes,
        int requestsMax,
        int requestsPerPost,
        int stripeBytes,
        int railsMax,
        long permitBytes,
        int permitFromBytes,
        long stagingBytes,
        Duration resumeTimeout,
        Duration revokeTimeout,
        List<String> devices,
        QpSettings queuePairs) {
    public RdmaConfig {
        requireRange("ring-buffers", ringBuffers, 8, 1024);
        requireRange("buffer-bytes", bufferBytes, 512, 65_536);
        requireRange("requests-max", requestsMax, 16, 8192);
        requireRange("requests-per-post", requestsPerPost, 1, requestsMax);
        requireRange("stripe-bytes", stripeBytes, 4096, 1 << 30);
        requireRange("rails-max", railsMax, 1, Rail.RAILS_MAX);
        requireRange("permit-bytes", permitBytes, 0, Long.MAX_VALUE);
        requireRange("permit-from-bytes", permitFromBytes, 1, Integer.MAX_VALUE);
        requireRange("staging-bytes", stagingBytes, 1 << 20, Long.MAX_VALUE);
        requireRange("resume-timeout in ms", resumeTimeout.toMillis(), 1, 3_600_000);
        requireRange("revoke-timeout in ms", revokeTimeout.toMillis(), 1, 3_600_000);
        devices = List.copyOf(devices);
    }

    /** 32 buffers of 8 KiB, 128 requests in chains of 32, up to 4 rails, 64 MiB coming in at a time. */
    public static RdmaConfig defaults() {
        return new RdmaConfig(
                32,
                8192,
                128,
                32,
                1 << 20,
                4,
                64 << 20,
                256 << 10,
                256 << 20,
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                List.of(),
                QpSettings.defaults());
    }

    public RdmaConfig withRing(int buffers, int bytes) {
        return new RdmaConfig(
                buffers,
                bytes,
                requestsMax,
                requestsPerPost,
                stripeBytes,
                railsMax,
                permitBytes,
                permitFromBytes,
                stagingBytes,
                resumeTimeout,
                revokeTimeout,
                devices,
                queuePairs);
    }

    public RdmaConfig withRequests(int max, int perPost) {
        return new RdmaConfig(
                ringBuffers,
                bufferBytes,
                max,
                perPost,
                stripeBytes,
                railsMax,
                permitBytes,
                permitFromBytes,
                stagingBytes,
                resumeTimeout,
                revokeTimeout,
                devices,
                queuePairs);
    }

    public RdmaConfig withRails(int max, int bytesOfStripe) {
        return new RdmaConfig(
                ringBuffers,
                bufferBytes,
                requestsMax,
                requestsPerPost,
                bytesOfStripe,
                max,
                permitBytes,
                permitFromBytes,
                stagingBytes,
                resumeTimeout,
                revokeTimeout,
                devices,
                queuePairs);
    }

    public RdmaConfig withPermits(long bytes, int fromBytes) {
        return new RdmaConfig(
                ringBuffers,
                bufferBytes,
                requestsMax,
                requestsPerPost,
                stripeBytes,
                railsMax,
                bytes,
                fromBytes,
                stagingBytes,
                resumeTimeout,
                revokeTimeout,
                devices,
                queuePairs);
    }

    public RdmaConfig withTimeouts(Duration resume, Duration revoke) {
        return new RdmaConfig(
                ringBuffers,
                bufferBytes,
                requestsMax,
                requestsPerPost,
                stripeBytes,
                railsMax,
                permitBytes,
                permitFromBytes,
                stagingBytes,
                resume,
                revoke,
                devices,
                queuePairs);
    }

    public RdmaConfig withDevices(List<String> names) {
        return new RdmaConfig(
                ringBuffers,
                bufferBytes,
                requestsMax,
                requestsPerPost,
                stripeBytes,
                railsMax,
                permitBytes,
                permitFromBytes,
                stagingBytes,
                resumeTimeout,
                revokeTimeout,
                names,
                queuePairs);
    }

    public RdmaConfig withQueuePairs(QpSettings settings) {
        return new RdmaConfig(
                ringBuffers,
                bufferBytes,
                requestsMax,
                requestsPerPost,
                stripeBytes,
                railsMax,
                permitBytes,
                permitFromBytes,
                stagingBytes,
                resumeTimeout,
                revokeTimeout,
                devices,
                settings);
    }

    private static void requireRange(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " of " + value + " is not in " + min + ".." + max);
        }
    }
}
