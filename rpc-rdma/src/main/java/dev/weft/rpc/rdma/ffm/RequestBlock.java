package dev.weft.rpc.rdma.ffm;

import dev.weft.rpc.rdma.ffm.Layouts.Sge;
import dev.weft.rpc.rdma.verbs.PostFailedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Work requests in C's memory, linked in order.
 *
 * <pre>
 * 0                       requests * requestBytes                         + requests * maxSge * 16
 * | request 0 | ... | request n - 1 | pieces of 0 | ... | pieces of n - 1 | first that was not taken |
 * </pre>
 */
final class RequestBlock {
    private static final int ENOTCONN = 107;

    final MemorySegment memory;

    private final int requestBytes;
    private final int maxRequests;
    private final int maxSge;
    private final Arena arena = Arena.ofShared();
    private final long address;
    private final long bad;

    RequestBlock(int requestBytes, int maxRequests, int maxSge) {
        if (maxRequests < 1 || maxSge < 0) {
            throw new IllegalArgumentException(maxRequests + " requests of " + maxSge + " pieces");
        }
        this.requestBytes = requestBytes;
        this.maxRequests = maxRequests;
        this.maxSge = maxSge;
        long pieces = (long) maxRequests * maxSge * Sge.SIZE;
        bad = (long) maxRequests * requestBytes + pieces;
        memory = arena.allocate(bad + Long.BYTES, Long.BYTES);
        address = memory.address();
    }

    /** Offset of the request with this index. */
    long request(int index) {
        return (long) index * requestBytes;
    }

    /** Address of a request, as C links them. */
    long requestAddress(int index) {
        return address + request(index);
    }

    /** Offset of a piece of memory of a request. */
    long sge(int request, int index) {
        return (long) maxRequests * requestBytes + ((long) request * maxSge + index) * Sge.SIZE;
    }

    long sgeAddress(int request) {
        return address + sge(request, 0);
    }

    void requireRoom(int requests) {
        if (requests >= maxRequests) {
            throw new IllegalStateException("there are " + requests + " requests already, which is the most");
        }
    }

    void setSge(int request, int index, long memoryAddress, int length, int lkey) {
        if (index >= maxSge) {
            throw new IllegalStateException("the request has " + index + " pieces already, which is the most");
        }
        long at = sge(request, index);
        memory.set(ValueLayout.JAVA_LONG, at + Sge.ADDR, memoryAddress);
        memory.set(ValueLayout.JAVA_INT, at + Sge.LENGTH, length);
        memory.set(ValueLayout.JAVA_INT, at + Sge.LKEY, lkey);
    }

    /** Posts the first {@code size} requests by a function of the device. */
    void post(MemorySegment function, FfmQp qp, int size) throws IOException {
        if (!isOpen() || !qp.isOpen()) {
            throw new IOException("the queue pair or its chain of requests is closed");
        }
        if (size == 0) {
            return;
        }
        if (qp.losesPosts()) {
            throw new PostFailedException(0, size, ENOTCONN);
        }
        memory.set(ValueLayout.JAVA_LONG, bad, address);
        int errno = HotCalls.post(function, qp.address, address, address + bad);
        if (errno != 0) {
            long posted = (memory.get(ValueLayout.JAVA_LONG, bad) - address) / requestBytes;
            throw new PostFailedException(Math.clamp(posted, 0, size), size, Math.abs(errno));
        }
    }

    boolean isOpen() {
        return arena.scope().isAlive();
    }

    void close() {
        if (isOpen()) {
            arena.close();
        }
    }
}
