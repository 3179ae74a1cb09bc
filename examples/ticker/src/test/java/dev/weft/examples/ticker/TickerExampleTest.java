package dev.weft.examples.ticker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TickerExampleTest {
    private static final List<String> LINES = List.of(
            "prices [100, 101, 92, 103, 104, 95]",
            "average of 6 is 99",
            "highest 100",
            "highest 101",
            "highest 101",
            "highest 103",
            "highest 104",
            "highest 104");

    @Test
    void streamsGoAllWaysOverTcp() throws IOException {
        assertEquals(LINES, TickerExample.run());
    }

    @Test
    void implementationIsCalledTheSameWay() {
        assertEquals(LINES, TickerExample.use(new SteadyTicker()));
    }
}
