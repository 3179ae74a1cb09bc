package dev.weft.rpc.rdma.verbs;

import java.util.OptionalInt;

/**
 * What a connection is like below the messages.
 *
 * @param trafficClass of the packets: DSCP and ECN bits of RoCE, traffic class of InfiniBand; 0 to 255
 * @param serviceLevel of InfiniBand, priority of RoCE; 0 to 15; empty to have it follow from the path
 * @param gidIndex which GID of the local port is the source; empty to have it follow from the local address
 * @param pkeyIndex which partition key of the local port is used; empty to have it follow from the path
 * @param mtuBytes 256, 512, 1024, 2048 or 4096; empty for the largest that the path can do
 * @param timeoutExponent a packet is repeated after 4.096 us times two to the power of this; 1 to 31
 * @param retryCount how often a packet is repeated before the queue pair fails; 0 to 7
 * @param maxReads RDMA reads under way at a time, in each direction; 1 to 128, cut to what both devices can do
 */
public record QpSettings(
        int trafficClass,
        OptionalInt serviceLevel,
        OptionalInt gidIndex,
        OptionalInt pkeyIndex,
        OptionalInt mtuBytes,
        int timeoutExponent,
        int retryCount,
        int maxReads) {
    public QpSettings {
        requireRange("traffic-class", trafficClass, 0, 255);
        requireRange("service-level", serviceLevel.orElse(0), 0, 15);
        requireRange("gid-index", gidIndex.orElse(0), 0, 255);
        requireRange("pkey-index", pkeyIndex.orElse(0), 0, 65_535);
        requireRange("mtu-bytes", mtuBytes.orElse(256), 256, 4096);
        if (Integer.bitCount(mtuBytes.orElse(256)) != 1) {
            throw new IllegalArgumentException("mtu-bytes of " + mtuBytes.orElse(0) + " is not a power of two");
        }
        requireRange("timeout-exponent", timeoutExponent, 1, 31);
        requireRange("retry-count", retryCount, 0, 7);
        requireRange("max-reads", maxReads, 1, 128);
    }

    /** All from the path; a packet is repeated up to 7 times, first after 67 ms; 16 reads. */
    public static QpSettings defaults() {
        return new QpSettings(
                0, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), 14, 7, 16);
    }

    private static void requireRange(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " of " + value + " is not in " + min + ".." + max);
        }
    }
}
