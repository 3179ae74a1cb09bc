package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.UUID;

/**
 * Sets or removes an extended attribute.
 *
 * @param name begins with {@code user.}, or with {@code trusted.}, which is root's alone
 * @param value empty to remove the attribute, which must be there
 */
@Serde
public record SetExtendedRequest(
        Credentials caller,
        PathAt at,
        boolean follow,
        String name,
        Optional<MemorySegment> value,
        Mode mode,
        UUID request) {
    public static final int NAME_BYTES_MAX = 255;
    public static final int VALUE_BYTES_MAX = 64 << 10;

    /** Of all names and values of one inode. */
    public static final int TOTAL_BYTES_MAX = 128 << 10;

    /** What may be there before. */
    @Serde
    public enum Mode {
        ANY,
        /** Nothing. */
        CREATE,
        /** A value. */
        REPLACE
    }
}
