package dev.weft.rpc;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Follows one piece of work across processes: the trace id of W3C trace context. {@link #NONE} means not traced. */
public record TraceId(long high, long low) {
    public static final TraceId NONE = new TraceId(0, 0);

    public static TraceId random(RandomGenerator random) {
        return new TraceId(random.nextLong(), random.nextLong() | 1);
    }

    public boolean isPresent() {
        return (high | low) != 0;
    }

    /** 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
