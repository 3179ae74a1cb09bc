package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Creates a file and opens it for writing, or opens the one that is there.
 *
 * @param exclusive fail if the name exists, be it a symbolic link that leads nowhere
 * @param truncate if the file exists, make it empty
 * @param permissions of a new file; the client has applied its umask
 * @param chunkSize a power of two, 64 KiB to 64 MiB; zero for the default
 * @param stripes over how many chains; zero for the default
 * @param request identity of the request, so that a retry finds its own work done
 */
@Serde
public record CreateRequest(
        Credentials caller,
        PathAt at,
        boolean exclusive,
        boolean truncate,
        int permissions,
        int chunkSize,
        int stripes,
        UUID request) {}
