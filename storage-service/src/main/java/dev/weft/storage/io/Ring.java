package dev.weft.storage.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * One io_uring: a queue of requests that we fill and the kernel empties, and one of completions the other way round. For the
 * one thread that made it, which is what SINGLE_ISSUER promises the kernel.
 *
 * <pre>
 * request (64 bytes)                                   completion (16 bytes)
 *  0 opcode:1  1 flags:1  2 priority:2  4 file:4        0 tag:8  8 result:4  12 flags:4
 *  8 position:8  16 address:8  24 length:4  28 flags:4
 * 32 tag:8  40 buffer index:2 ...
 * </pre>
 */
final class Ring implements AutoCloseable {
    // The same numbers on all architectures that have them since 2019.
    private static final long SYS_SETUP = 425;
    private static final long SYS_ENTER = 426;
    private static final long SYS_REGISTER = 427;

    private static final int SETUP_CLAMP = 1 << 4;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int SETUP_SINGLE_ISSUER = 1 << 12;

    /** Completions are worked on when we ask for them, and interrupt nothing. */
    private static final int SETUP_DEFER_TASKRUN = 1 << 13;

    private static final int FEATURE_SINGLE_MMAP = 1;
    private static final long OFFSET_RINGS = 0;
    private static final long OFFSET_REQUESTS = 0x10000000L;
    private static final long ENTER_GETEVENTS = 1;

    private static final long REGISTER_FILES2 = 13;
    private static final long REGISTER_FILES_UPDATE = 6;
    private static final int REGISTER_SPARSE = 1;

    private static final byte OP_READ = 22;
    private static final byte FIXED_FILE = 1;
    private static final int REQUEST_BYTES = 64;
    private static final int COMPLETION_BYTES = 16;

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = Libc.newState(arena);
    private final int fd;
    private final MemorySegment rings;
    private final MemorySegment requests;
    private final int entries;

    private final long requestTail;
    private final int requestMask;
    private final long requestArray;
    private final long completionHead;
    private final long completionTail;
    private final int completionMask;
    private final long completions;

    /** Our copy of the tail of requests; the kernel sees it when we enter. */
    private int tail;

    private int unsubmitted;

    Ring(int wantedEntries) throws ErrnoException {
        MemorySegment params = arena.allocate(120, 8);
        params.set(JAVA_INT, 8, SETUP_CLAMP | SETUP_SUBMIT_ALL | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN);
        this.fd = (int) Libc.syscall(state, SYS_SETUP, wantedEntries, params.address(), 0, 0, 0, 0);
        try {
            if ((params.get(JAVA_INT, 20) & FEATURE_SINGLE_MMAP) == 0) {
                throw new ErrnoException("io_uring of a kernel before 5.4", 0);
            }
            this.entries = params.get(JAVA_INT, 0);
            this.requestTail = params.get(JAVA_INT, 44);
            this.requestArray = params.get(JAVA_INT, 64);
            this.completionHead = params.get(JAVA_INT, 80);
            this.completionTail = params.get(JAVA_INT, 84);
            this.completions = params.get(JAVA_INT, 100);
            long length = Math.max(
                    requestArray + 4L * entries, completions + (long) COMPLETION_BYTES * params.get(JAVA_INT, 4));
            this.rings = Libc.mmap(fd, OFFSET_RINGS, length);
            this.requests = Libc.mmap(fd, OFFSET_REQUESTS, (long) entries * REQUEST_BYTES);
            this.requestMask = rings.get(JAVA_INT, params.get(JAVA_INT, 48));
            this.completionMask = rings.get(JAVA_INT, params.get(JAVA_INT, 88));
            this.tail = rings.get(JAVA_INT, requestTail);
        } catch (ErrnoException e) {
            Libc.close(fd);
            throw e;
        }
        for (int i = 0; i < entries; i++) {
            rings.set(JAVA_INT, requestArray + 4L * i, i);
        }
    }

    /** How many requests it takes before they must be submitted. */
    int entries() {
        return entries;
    }

    /** Makes room for so many files, which are then named by their index. */
    void registerFiles(int count) throws ErrnoException {
        MemorySegment argument = arena.allocate(32, 8);
        argument.set(JAVA_INT, 0, count);
        argument.set(JAVA_INT, 4, REGISTER_SPARSE);
        Libc.syscall(state, SYS_REGISTER, fd, REGISTER_FILES2, argument.address(), argument.byteSize(), 0, 0);
    }

    void setFile(int index, int file) throws ErrnoException {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment files = local.allocateFrom(JAVA_INT, file);
            MemorySegment argument = local.allocate(16, 8);
            argument.set(JAVA_INT, 0, index);
            argument.set(JAVA_LONG, 8, files.address());
            Libc.syscall(state, SYS_REGISTER, fd, REGISTER_FILES_UPDATE, argument.address(), 1, 0, 0);
        }
    }

    /** Adds a read of a registered file. There must be room. */
    void read(int fileIndex, long address, int length, long position, long tag) {
        add(FIXED_FILE, fileIndex, address, length, position, tag);
    }

    /** Adds a read of any file from where it stands. */
    void readUnregistered(int file, MemorySegment into, long tag) {
        add((byte) 0, file, into.address(), (int) into.byteSize(), -1, tag);
    }

    private void add(byte flags, int file, long address, int length, long position, long tag) {
        assert unsubmitted < entries : "the ring of " + entries + " is full";
        long at = (long) (tail & requestMask) * REQUEST_BYTES;
        requests.set(JAVA_BYTE, at, OP_READ);
        requests.set(JAVA_BYTE, at + 1, flags);
        requests.set(JAVA_SHORT, at + 2, (short) 0);
        requests.set(JAVA_INT, at + 4, file);
        requests.set(JAVA_LONG, at + 8, position);
        requests.set(JAVA_LONG, at + 16, address);
        requests.set(JAVA_INT, at + 24, length);
        requests.set(JAVA_INT, at + 28, 0);
        requests.set(JAVA_LONG, at + 32, tag);
        requests.set(JAVA_LONG, at + 40, 0L);
        requests.set(JAVA_LONG, at + 48, 0L);
        requests.set(JAVA_LONG, at + 56, 0L);
        tail++;
        unsubmitted++;
    }

    int room() {
        return entries - unsubmitted;
    }

    /** Hands over what was added, and waits until there are so many completions. */
    void enter(int awaited) throws ErrnoException {
        INT.setRelease(rings, requestTail, tail);
        try {
            long submitted = Libc.syscall(state, SYS_ENTER, fd, unsubmitted, awaited, ENTER_GETEVENTS, 0, 0);
            unsubmitted -= (int) submitted;
        } catch (ErrnoException e) {
            // Nothing was submitted, and it is to be tried again.
            if (e.errno() != Libc.EINTR && e.errno() != Libc.EAGAIN && e.errno() != Libc.EBUSY) {
                throw e;
            }
        }
    }

    /** Passes on all completions that are there; returns how many. */
    int reap(Completion completion) {
        int head = rings.get(JAVA_INT, completionHead);
        int end = (int) INT.getAcquire(rings, completionTail);
        int count = end - head;
        for (; head != end; head++) {
            long at = completions + (long) (head & completionMask) * COMPLETION_BYTES;
            completion.ended(rings.get(JAVA_LONG, at), rings.get(JAVA_INT, at + 8));
        }
        INT.setRelease(rings, completionHead, end);
        return count;
    }

    @Override
    public void close() throws ErrnoException {
        Libc.munmap(requests);
        Libc.munmap(rings);
        Libc.close(fd);
        arena.close();
    }

    interface Completion {
        // result: bytes, or a negative error number
        void ended(long tag, int result);
    }
}
