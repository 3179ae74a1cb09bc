package dev.weft.rpc.rdma.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Collections;

/**
 * A function of a C library that is not called often; what is, stands in {@link HotCalls}. All arguments, pointers and
 * integers alike, are given as {@code long}: they travel in registers of 64 bits, and the function looks at as many of them
 * as it has declared. There are at most six.
 */
final class NativeFunction {
    private final String name;
    private final MethodHandle handle;

    private NativeFunction(String name, MethodHandle handle) {
        this.name = name;
        this.handle = handle;
    }

    /** A function that returns a pointer; it fails by NULL and errno. */
    static NativeFunction pointer(NativeLibrary library, String name, int arguments) {
        return link(library, name, ValueLayout.JAVA_LONG, arguments);
    }

    /** A function that returns an int; it fails by -1 and errno, or by a positive error number. */
    static NativeFunction integer(NativeLibrary library, String name, int arguments) {
        return link(library, name, ValueLayout.JAVA_INT, arguments);
    }

    /** A function that returns nothing and cannot fail. */
    static NativeFunction nothing(NativeLibrary library, String name, int arguments) {
        MethodHandle handle = downcall(library, name, FunctionDescriptor.ofVoid(longs(arguments)));
        MethodHandle zero = MethodHandles.filterReturnValue(handle, MethodHandles.constant(int.class, 0));
        return new NativeFunction(name, zero.asSpreader(long[].class, arguments));
    }

    private static NativeFunction link(NativeLibrary library, String name, ValueLayout result, int arguments) {
        MethodHandle handle = downcall(library, name, FunctionDescriptor.of(result, longs(arguments)));
        return new NativeFunction(name, handle.asSpreader(long[].class, arguments));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle downcall(NativeLibrary library, String name, FunctionDescriptor type) {
        return Linker.nativeLinker()
                .downcallHandle(library.address(name), type, Linker.Option.captureCallState("errno"));
    }

    private static MemoryLayout[] longs(int count) {
        return Collections.nCopies(count, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new);
    }

    /** The pointer that the function returned, never NULL. */
    long pointer(long... arguments) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(Errno.LAYOUT);
            long result = (long) handle.invokeExact(captured, arguments);
            if (result == 0) {
                throw new NativeException(name, Errno.get(captured));
            }
            return result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Calls a function that must return 0. */
    void call(long... arguments) throws IOException {
        int errno = attempt(arguments);
        if (errno != 0) {
            throw new NativeException(name, errno);
        }
    }

    /** Calls a function that returns 0; the error number if it does not. */
    int attempt(long... arguments) throws IOException {
        int result = value(arguments);
        return result < 0 ? -result : result;
    }

    /** What the function returned; if that is negative, the negative error number. */
    int value(long... arguments) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(Errno.LAYOUT);
            int result = (int) handle.invokeExact(captured, arguments);
            return result < 0 ? -Errno.get(captured) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static IOException unexpected(Throwable e) {
        return switch (e) {
            case IOException failure -> failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            default -> throw new AssertionError("a native function threw a checked exception", e);
        };
    }
}
