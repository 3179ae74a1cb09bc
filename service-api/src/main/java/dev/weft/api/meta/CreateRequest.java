package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Creates a file and opens it for writing, or opens the one that is there.
 *
 * @param exclusive fail if the file exists
 * @param truncate if the file exists, make it empty
 * @param chunkSize a power of two, 64 KiB to 64 MiB; zero for the default
 * @param stripes over how many chains; zero for the default
 * @param request identity of the request, so that a retry finds its own work done
 */
@Serde
public record CreateRequest(
        String path,
        boolean exclusive,
        boolean truncate,
        int permissions,
        int chunkSize,
        int stripes,
        UUID client,
        UUID request) {}
