package dev.weft.storage.engine;

/**
 * How an engine uses its disk and its memory.
 *
 * @param lowSpace part of the disk in use from which on it reports that space is low
 * @param refuseNew part of the disk in use from which on it takes no new chunks, so that those that are there can change
 * @param growBytes least space that a data file grows by; it grows by an eighth of its size when that is more
 * @param checksumCacheBytes of memory for checksums of blocks; 1 KiB for each MiB of data that is read often
 * @param transferBytes of memory for bytes on their way to and from the disk
 * @param appliedMax how many channels of clients are remembered for each target
 */
public record EngineOptions(
        double lowSpace,
        double refuseNew,
        long growBytes,
        long checksumCacheBytes,
        long transferBytes,
        int appliedMax) {
    public EngineOptions {
        if (!(lowSpace > 0 && lowSpace <= 1)) {
            throw new IllegalArgumentException("low-space of " + lowSpace + " is not in 0..1");
        }
        if (!(refuseNew > 0 && refuseNew <= 1)) {
            throw new IllegalArgumentException("refuse-new of " + refuseNew + " is not in 0..1");
        }
        if (growBytes < 1 || growBytes > 1L << 40) {
            throw new IllegalArgumentException("grow-bytes of " + growBytes + " is not in 1.." + (1L << 40));
        }
        if (checksumCacheBytes < 0) {
            throw new IllegalArgumentException("checksum-cache-bytes of " + checksumCacheBytes + " is negative");
        }
        if (transferBytes < 2L * SizeClass.LARGEST_BYTES) {
            throw new IllegalArgumentException(
                    "transfer-bytes of " + transferBytes + " is less than " + 2L * SizeClass.LARGEST_BYTES);
        }
        if (appliedMax < 1) {
            throw new IllegalArgumentException("applied-max of " + appliedMax + " is less than 1");
        }
    }

    /** Warns at 96 %, refuses at 98 %, grows by 16 MiB, remembers 200,000 channels; an eighth of the heap for checksums. */
    public static EngineOptions defaults() {
        long cache = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);
        return new EngineOptions(0.96, 0.98, 16L << 20, cache, 256L << 20, 200_000);
    }

    public EngineOptions withSpaceLimits(double low, double refuse) {
        return new EngineOptions(low, refuse, growBytes, checksumCacheBytes, transferBytes, appliedMax);
    }

    public EngineOptions withGrowBytes(long bytes) {
        return new EngineOptions(lowSpace, refuseNew, bytes, checksumCacheBytes, transferBytes, appliedMax);
    }

    public EngineOptions withChecksumCacheBytes(long bytes) {
        return new EngineOptions(lowSpace, refuseNew, growBytes, bytes, transferBytes, appliedMax);
    }

    public EngineOptions withAppliedMax(int channels) {
        return new EngineOptions(lowSpace, refuseNew, growBytes, checksumCacheBytes, transferBytes, channels);
    }
}
