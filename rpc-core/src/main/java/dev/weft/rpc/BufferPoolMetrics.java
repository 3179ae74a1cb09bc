package dev.weft.rpc;

import java.util.List;

/**
 * What a {@link BufferPool} was like at one moment.
 *
 * @param slabBytes taken from the system, in use or not
 * @param usedBytes of the blocks in use, which are powers of two and so more than was asked for
 * @param usedBytesMax the most that {@code usedBytes} ever was
 * @param registeredBytes of memory that users have registered and that is not released yet; not part of the others
 * @param registeredBuffers how many pieces that is
 * @param waiting threads that wait for a buffer now
 * @param waits how many times a thread had to wait, so far
 * @param refusals how many times there was no buffer, at once or after waiting, so far
 * @param sizes each size of block, the smallest first
 */
public record BufferPoolMetrics(
        long slabBytes,
        long usedBytes,
        long usedBytesMax,
        long registeredBytes,
        long registeredBuffers,
        int waiting,
        long waits,
        long refusals,
        List<OfSize> sizes) {
    public BufferPoolMetrics {
        sizes = List.copyOf(sizes);
    }

    /**
     * Blocks of one size.
     *
     * @param slabs that are cut into such blocks
     */
    public record OfSize(long blockBytes, int slabs, long usedBuffers, long freeBuffers) {}
}
