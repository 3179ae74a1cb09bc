package dev.weft.rpc;

/**
 * Size of a {@link BufferPool}.
 *
 * @param maxBytes of all buffers together
 * @param maxBufferBytes the largest buffer, a power of two
 */
public record BufferPoolConfig(long maxBytes, int maxBufferBytes) {
    /** Smallest size class. A page: what a disk and a network card like. */
    public static final int MIN_BUFFER_BYTES = 4096;

    public BufferPoolConfig {
        if (Integer.bitCount(maxBufferBytes) != 1 || maxBufferBytes < MIN_BUFFER_BYTES) {
            throw new IllegalArgumentException(
                    "max-buffer-bytes of " + maxBufferBytes + " is not a power of two of at least " + MIN_BUFFER_BYTES);
        }
        if (maxBytes < maxBufferBytes) {
            throw new IllegalArgumentException(
                    "max-bytes of " + maxBytes + " is less than one buffer of " + maxBufferBytes);
        }
    }

    /** 256 MiB in buffers of up to 64 MiB. */
    public static BufferPoolConfig defaults() {
        return new BufferPoolConfig(256L << 20, 64 << 20);
    }
}
