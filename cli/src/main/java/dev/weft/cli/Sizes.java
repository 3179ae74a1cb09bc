package dev.weft.cli;

import java.util.Locale;

/** Numbers of bytes, as people read them. */
public final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private static final int TEBIBYTES = 4;

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

    /**
     * Reads {@code 64MiB}, {@code 1GiB} or a number of bytes.
     *
     * @throws UsageException if it is none; names {@code key}
     */
    static long parse(String key, String text) {
        for (int unit = TEBIBYTES; unit >= 0; unit--) {
            String number = text.endsWith(UNITS[unit])
                    ? text.substring(0, text.length() - UNITS[unit].length()).strip()
                    : "";
            if (number.matches("[0-9]{1,6}")) {
                return Math.multiplyExact(Long.parseLong(number), 1L << (10 * unit));
            }
        }
        if (text.matches("[0-9]{1,18}")) {
            return Long.parseLong(text);
        }
        throw new UsageException(key + " '" + text + "' is no size; write for example 64MiB or 1GiB");
    }

    /** Megabytes of 10^6 bytes in a second. */
    public static String rate(long bytes, long nanos) {
        return String.format(Locale.ROOT, "%.0f MB/s", nanos == 0 ? 0.0 : bytes * 1e3 / nanos);
    }
}
