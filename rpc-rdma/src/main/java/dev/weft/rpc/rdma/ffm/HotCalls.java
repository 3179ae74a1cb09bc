package dev.weft.rpc.rdma.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The calls of the data path. None of them allocates. The verbs among them are inline functions in C's headers: each
 * device has its own, to which its context points.
 */
final class HotCalls {
    private static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    // A queue is polled without a system call and without waiting, so the VM need not be told that a thread is away.
    private static final MethodHandle POLL_CQ =
            link(FunctionDescriptor.of(INT, POINTER, INT, POINTER), Linker.Option.critical(false));
    // These enter the kernel on some devices.
    private static final MethodHandle REQ_NOTIFY_CQ = link(FunctionDescriptor.of(INT, POINTER, INT));
    private static final MethodHandle POST = link(FunctionDescriptor.of(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle POLL = link(FunctionDescriptor.of(INT, POINTER, ValueLayout.JAVA_LONG, INT));
    // These stand here and not in Ibverbs because a thread that sleeps between completions calls them for each of them.
    private static final MethodHandle GET_CQ_EVENT = link(FunctionDescriptor.of(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle ACK_CQ_EVENTS = link(FunctionDescriptor.ofVoid(POINTER, INT));
    private static final MemorySegment GET_CQ_EVENT_FUNCTION = NativeLibrary.LIBIBVERBS.address("ibv_get_cq_event");
    private static final MemorySegment ACK_CQ_EVENTS_FUNCTION = NativeLibrary.LIBIBVERBS.address("ibv_ack_cq_events");
    private static final MemorySegment POLL_FUNCTION = NativeLibrary.LIBC.address("poll");

    private HotCalls() {}

    /** How many completions there were, or a negative number. */
    static int pollCq(MemorySegment function, long cq, int count, long completions) {
        try {
            return (int) POLL_CQ.invokeExact(function, cq, count, completions);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 0 or an error number. */
    static int requestNotification(MemorySegment function, long cq, int solicitedOnly) {
        try {
            return (int) REQ_NOTIFY_CQ.invokeExact(function, cq, solicitedOnly);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 0 or an error number; then the address of the first request that was not taken is in {@code bad}. */
    static int post(MemorySegment function, long qp, long requests, long bad) {
        try {
            return (int) POST.invokeExact(function, qp, requests, bad);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code poll(2)}: how many of the files are ready, 0 after the time, or a negative number if it was interrupted. */
    static int poll(long files, int count, int timeoutMillis) {
        try {
            return (int) POLL.invokeExact(POLL_FUNCTION, files, (long) count, timeoutMillis);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 0, or -1 if there is none or it fails; queue and context of the event are put where told. */
    static int getCqEvent(long completionChannel, long queue, long context) {
        try {
            return (int) GET_CQ_EVENT.invokeExact(GET_CQ_EVENT_FUNCTION, completionChannel, queue, context);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void ackCqEvents(long cq, int count) {
        try {
            ACK_CQ_EVENTS.invokeExact(ACK_CQ_EVENTS_FUNCTION, cq, count);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(FunctionDescriptor function, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(function, options);
    }

    private static AssertionError unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new AssertionError("a native function threw an exception", e);
    }
}
