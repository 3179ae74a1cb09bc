package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LongLineTest {
    private static final String FILLER = "f".repeat(100);

    @Test
    void leavesShortLinesAlone() {
        assertEquals("    int a = f(b, c);", LongLine.wrapped("    ", "int a = f(b, c);"));
    }

    @Test
    void breaksBetweenArguments() {
        assertEquals(
                "call(\n        " + FILLER + ",\n        g(a, b),\n        Map<A, B>::c);",
                LongLine.wrapped("", "call(" + FILLER + ", g(a, b), Map<A, B>::c);"));
    }

    @Test
    void breaksConditionals() {
        assertEquals(
                "int a = in.hasMore()\n        ? " + FILLER + "\n        : 0;",
                LongLine.wrapped("", "int a = in.hasMore() ? " + FILLER + " : 0;"));
    }

    @Test
    void doesNotBreakLiterals() {
        assertEquals(
                "call(\n        \"" + FILLER + ", \\\" ? ( : ,\",\n        b);",
                LongLine.wrapped("", "call(\"" + FILLER + ", \\\" ? ( : ,\", b);"));
    }
}
