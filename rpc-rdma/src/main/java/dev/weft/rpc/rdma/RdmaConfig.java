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
        return builder().build();
    }

    /** A configuration to change, with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** What is not said stays as in {@link #defaults}; {@link #build} refuses what is out of range. */
    public static final class Builder {
        private int ringBuffers = 32;
        private int bufferBytes = 8192;
        private int requestsMax = 128;
        private int requestsPerPost = 32;
        private int stripeBytes = 1 << 20;
        private int railsMax = 4;
        private long permitBytes = 64 << 20;
        private int permitFromBytes = 256 << 10;
        private long stagingBytes = 256 << 20;
        private Duration resumeTimeout = Duration.ofSeconds(3);
        private Duration revokeTimeout = Duration.ofSeconds(2);
        private List<String> devices = List.of();
        private QpSettings queuePairs = QpSettings.defaults();

        private Builder() {}

        public Builder ring(int buffers, int bytes) {
            ringBuffers = buffers;
            bufferBytes = bytes;
            return this;
        }

        public Builder requests(int max, int perPost) {
            requestsMax = max;
            requestsPerPost = perPost;
            return this;
        }

        public Builder rails(int max, int bytesOfStripe) {
            railsMax = max;
            stripeBytes = bytesOfStripe;
            return this;
        }

        public Builder permits(long bytes, int fromBytes) {
            permitBytes = bytes;
            permitFromBytes = fromBytes;
            return this;
        }

        public Builder staging(long bytes) {
            stagingBytes = bytes;
            return this;
        }

        public Builder timeouts(Duration resume, Duration revoke) {
            resumeTimeout = resume;
            revokeTimeout = revoke;
            return this;
        }

        public Builder devices(List<String> names) {
            devices = names;
            return this;
        }

        public Builder queuePairs(QpSettings settings) {
            queuePairs = settings;
            return this;
        }

        /**
         * What was said, checked.
         *
         * @throws IllegalArgumentException naming what is out of range, and the range
         */
        public RdmaConfig build() {
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
                    queuePairs);
        }
    }

    private static void requireRange(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " of " + value + " is not in " + min + ".." + max);
        }
    }
}
