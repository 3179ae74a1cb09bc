package dev.weft.serde;

/**
 * What a reader accepts at most.
 *
 * @param depthMax records inside records
 * @param bytesMax length of one message
 */
public record SerdeLimits(int depthMax, int bytesMax) {
    /**
     * Depth 64: real messages stay under ten, and 64 frames of generated code fit any thread's stack. 256 MiB: room for
     * the largest chunk with what describes it; a transport sets its own, smaller limit before a message is buffered.
     */
    public static final SerdeLimits DEFAULT = new SerdeLimits(64, 256 << 20);

    public SerdeLimits {
        if (depthMax < 1 || bytesMax < 0) {
            throw new IllegalArgumentException("depthMax " + depthMax + " or bytesMax " + bytesMax + " is too small");
        }
    }
}
