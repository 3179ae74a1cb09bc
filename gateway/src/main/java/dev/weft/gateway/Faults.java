package dev.weft.gateway;

import dev.weft.gateway.generated.Fault;
import dev.weft.gateway.generated.FaultKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Failures as callers in other languages get them. */
final class Faults {
    private Faults() {}

    interface Operation<T> {
        T run() throws IOException, Fault;
    }

    static <T> T translated(Operation<T> operation) throws Fault {
        try {
            return operation.run();
        } catch (IOException e) {
            throw new Fault(kind(e), String.valueOf(e.getMessage()));
        }
    }

    private static FaultKind kind(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> FaultKind.NOT_FOUND;
            case FileAlreadyExistsException _ -> FaultKind.EXISTS;
            case NotDirectoryException _ -> FaultKind.NOT_A_DIRECTORY;
            case DirectoryNotEmptyException _ -> FaultKind.NOT_EMPTY;
            case AccessDeniedException _ -> FaultKind.ACCESS_DENIED;
            default -> FaultKind.FAILED;
        };
    }

    /** A path that a caller has sent; arguments of Thrift calls may be missing. */
    static String path(@Nullable String path) throws Fault {
        if (path == null || !path.startsWith("/")) {
            throw new Fault(FaultKind.INVALID, "path '" + path + "' does not begin with '/'");
        }
        return path;
    }
}
