package dev.weft.rpc.rdma.ffm;

import dev.weft.rpc.rdma.ffm.Layouts.PollFd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.concurrent.TimeUnit;

/**
 * Waits until one of some files can be read. Several threads may wait at a time: what the kernel writes into the
 * request is not looked at.
 */
final class Readiness {
    private static final short POLLIN = 1;

    private final MemorySegment files;
    private final int count;

    Readiness(int... fds) {
        count = fds.length;
        files = Arena.ofAuto().allocate((long) PollFd.SIZE * fds.length, Integer.BYTES);
        for (int i = 0; i < fds.length; i++) {
            files.set(ValueLayout.JAVA_INT, (long) i * PollFd.SIZE + PollFd.FD, fds[i]);
            files.set(ValueLayout.JAVA_SHORT, (long) i * PollFd.SIZE + PollFd.EVENTS, POLLIN);
        }
    }

    /**
     * Whether a file can be read or is broken; false also if the thread was interrupted by a signal.
     *
     * @param timeoutMillis negative: without end
     */
    boolean await(int timeoutMillis) {
        try {
            return HotCalls.poll(files.address(), count, timeoutMillis) > 0;
        } finally {
            // The memory is freed when nobody has the segment any more.
            Reference.reachabilityFence(files);
        }
    }

    /** What is left of a time in milliseconds; negative if that was. */
    static int remaining(long startedNanos, int timeoutMillis) {
        if (timeoutMillis < 0) {
            return timeoutMillis;
        }
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
        return (int) Math.max(0, timeoutMillis - passed);
    }
}
