package dev.weft.storage.io;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** Functions of the C library. Each throws an {@link ErrnoException} when it fails. */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;

    /** Differs by architecture. */
    static final int O_DIRECT = System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;

    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;

    static final int PROT_READ_WRITE = 3;
    static final int MAP_SHARED_POPULATE = 0x8001;

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EBUSY = 16;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle FALLOCATE =
            function("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MMAP =
            function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle EVENTFD = function("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle WRITE = function("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle SYSCALL = variadic(
            "syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private Libc() {}

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return handle(name, FunctionDescriptor.of(result, parameters), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, MemoryLayout result, MemoryLayout... parameters) {
        return handle(
                name,
                FunctionDescriptor.of(result, parameters),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    @SuppressWarnings("restricted") // C functions are what this class is for
    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /** Opens a file that exists; O_CLOEXEC is added. */
    static int open(Path path, int flags) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment name = arena.allocateFrom(path.toString());
            return (int) check("open " + path, state, (int) OPEN.invokeExact(state, name, flags | O_CLOEXEC, 0));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static void close(int fd) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            check("close", state, (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static void fallocate(int fd, int mode, long position, long length) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result;
            do {
                result = (int) FALLOCATE.invokeExact(state, fd, mode, position, length);
            } while (result < 0 && errno(state) == EINTR);
            check("fallocate of " + length + " bytes at " + position, state, result);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Maps memory that the kernel shares with us; for reading and writing. */
    @SuppressWarnings("restricted") // a C function
    static MemorySegment mmap(int fd, long offset, long length) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment address = (MemorySegment) MMAP.invokeExact(
                    state, MemorySegment.NULL, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
            check("mmap of " + length + " bytes", state, address.address());
            return address.reinterpret(length);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static void munmap(MemorySegment memory) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            check("munmap", state, (int) MUNMAP.invokeExact(state, memory, memory.byteSize()));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static int eventfd() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return (int) check("eventfd", state, (int) EVENTFD.invokeExact(state, 0, O_CLOEXEC));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Adds one to an event counter, which never blocks as long as somebody reads it now and then. */
    static void signal(int eventfd) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
            check("write to an eventfd", state, (long) WRITE.invokeExact(state, eventfd, one, (long) Long.BYTES));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** A system call that has no function. {@code state} is memory from {@link #newState}, of the calling thread. */
    static long syscall(MemorySegment state, long number, long a, long b, long c, long d, long e, long f)
            throws ErrnoException {
        try {
            return check("system call " + number, state, (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f));
        } catch (Throwable failure) {
            throw failed(failure);
        }
    }

    static MemorySegment newState(Arena arena) {
        return arena.allocate(STATE);
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static long check(String what, MemorySegment state, long result) throws ErrnoException {
        if (result == -1) {
            throw new ErrnoException(what, errno(state));
        }
        return result;
    }

    private static ErrnoException failed(Throwable failure) {
        if (failure instanceof ErrnoException e) {
            return e;
        }
        throw new AssertionError(failure); // a method handle called with other types than its own
    }
}
