package dev.weft.kv.engine;

import dev.weft.kv.Bytes;

/**
 * The ten bytes that name a commit in keys: its version, big-endian, and two bytes for the place among commits of the same
 * version, which in the engines of this module are zero since each commit has its own version.
 */
public final class Versionstamp {
    public static final int BYTES = 10;

    private static final Bytes ONLY_ONE = Bytes.wrap(new byte[2]);

    private Versionstamp() {}

    public static Bytes of(long version) {
        return Bytes.concat(Bytes.ofLong(version), ONLY_ONE);
    }
}
