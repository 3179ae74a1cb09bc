package dev.weft.cli;

import java.util.Locale;

/** Numbers of bytes, as people read them. */
public final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Sizes() {}

    public static String text(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** Megabytes of 10^6 bytes in a second. */
    public static String rate(long bytes, long nanos) {
        return String.format(Locale.ROOT, "%.0f MB/s", nanos == 0 ? 0.0 : bytes * 1e3 / nanos);
    }
}
