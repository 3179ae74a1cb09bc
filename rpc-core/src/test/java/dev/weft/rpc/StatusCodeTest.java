package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StatusCodeTest {
    /** What peers of other versions send: a value is never changed or used again. */
    private static final Map<StatusCode, Integer> WIRE_VALUES = new EnumMap<>(Map.ofEntries(
            Map.entry(StatusCode.CANCELLED, 1),
            Map.entry(StatusCode.DEADLINE_EXCEEDED, 2),
            Map.entry(StatusCode.UNAVAILABLE, 3),
            Map.entry(StatusCode.CONNECTION_LOST, 4),
            Map.entry(StatusCode.RESOURCE_EXHAUSTED, 5),
            Map.entry(StatusCode.INVALID_ARGUMENT, 6),
            Map.entry(StatusCode.UNIMPLEMENTED, 7),
            Map.entry(StatusCode.UNAUTHENTICATED, 8),
            Map.entry(StatusCode.PERMISSION_DENIED, 9),
            Map.entry(StatusCode.FAILED_PRECONDITION, 10),
            Map.entry(StatusCode.ABORTED, 11),
            Map.entry(StatusCode.DATA_CORRUPTED, 12),
            Map.entry(StatusCode.INTERNAL, 13),
            Map.entry(StatusCode.APPLICATION, 14),
            Map.entry(StatusCode.REMOTE_MEMORY_REFUSED, 15)));

    @Test
    void wireValuesAreUniqueAndStable() {
        for (StatusCode code : StatusCode.values()) {
            assertEquals(WIRE_VALUES.get(code), code.wireValue(), code.name());
            assertSame(code, StatusCode.ofWireValue(code.wireValue()));
        }
    }

    @Test
    void valueOfANewerVersionReadsAsInternal() {
        for (int value : new int[] {0, -1, 16, 127, 255, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertSame(StatusCode.INTERNAL, StatusCode.ofWireValue(value));
        }
    }
}
