package dev.weft.rpc.rdma.software;

import dev.weft.rpc.rdma.verbs.QpSettings;
import org.jspecify.annotations.Nullable;

/**
 * What two ends have agreed on, as one of them sees it.
 *
 * @param reads how many reads it may have under way
 * @param retryNanos how long a request may go unanswered
 * @param rnrRetries how often a request is repeated when the peer has no receive request; 7 for as often as it takes
 */
record PathSettings(int peerNumber, int reads, long retryNanos, int rnrRetries) {
    static final int RNR_RETRIES_UNLIMITED = 7;

    /** The first wait for an answer: two to the power of the exponent, times this. */
    private static final long TIMEOUT_UNIT_NANOS = 4_096;

    static final PathSettings NONE = new PathSettings(0, 0, 0, 0);

    /** Of one who {@code wants} this and whose peer has {@code given} that. */
    static PathSettings agree(int peerNumber, ConnectData wants, ConnectData given, @Nullable QpSettings settings) {
        QpSettings own = settings == null ? QpSettings.defaults() : settings;
        int retries = settings == null ? wants.retries() : settings.retryCount();
        long retryNanos = (TIMEOUT_UNIT_NANOS << own.timeoutExponent()) * (retries + 1);
        int most = Math.min(own.maxReads(), SoftwareDevice.READS_MAX);
        return new PathSettings(
                peerNumber,
                Math.min(most, Math.min(wants.readsOut(), given.readsIn())),
                retryNanos,
                wants.rnrRetries());
    }
}
