package dev.weft.rpc.rdma.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A shared library of the system, loaded when this class is. */
final class NativeLibrary {
    static final NativeLibrary LIBC = new NativeLibrary("libc.so.6", "libc6", "glibc");
    static final NativeLibrary LIBIBVERBS =
            new NativeLibrary("libibverbs.so.1", "libibverbs1 and ibverbs-providers", "libibverbs");
    static final NativeLibrary LIBRDMACM = new NativeLibrary("librdmacm.so.1", "librdmacm1", "librdmacm");

    private final String file;
    private final @Nullable SymbolLookup symbols;
    private final String advice;

    private NativeLibrary(String file, String debian, String redHat) {
        this.file = file;
        this.advice = file + " is not on this machine; install " + debian + " (Debian, Ubuntu) or " + redHat
                + " (RHEL, Fedora)";
        this.symbols = load(file);
    }

    /** Says what is missing, unless nothing is. */
    static void requireAll() throws IOException {
        for (NativeLibrary library : List.of(LIBC, LIBIBVERBS, LIBRDMACM)) {
            if (library.symbols == null) {
                throw new IOException(library.advice);
            }
        }
    }

    boolean has(String function) {
        return symbols != null && symbols.find(function).isPresent();
    }

    MemorySegment address(String function) {
        if (symbols == null) {
            throw new UnsatisfiedLinkError(advice);
        }
        return symbols.find(function)
                .orElseThrow(() -> new UnsatisfiedLinkError(
                        file + " has no function " + function + "; it is older than that of rdma-core 25"));
    }

    @SuppressWarnings("restricted")
    private static @Nullable SymbolLookup load(String file) {
        try {
            return file.startsWith("libc.")
                    ? Linker.nativeLinker().defaultLookup()
                    : SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
