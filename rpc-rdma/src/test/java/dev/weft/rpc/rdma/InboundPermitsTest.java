package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.rdma.InboundPermits.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InboundPermitsTest {
    private final InboundPermits permits = new InboundPermits(100);
    private final List<String> granted = new ArrayList<>();

    private Ticket ask(String name, long bytes) {
        return permits.ask(bytes, () -> granted.add(name));
    }

    @Test
    void grantsInOrderAsFarAsTheLimitGoes() {
        Ticket first = ask("first", 60);
        Ticket second = ask("second", 60);
        Ticket third = ask("third", 30);
        assertEquals(List.of("first"), granted);
        permits.end(first);
        assertEquals(List.of("first", "second", "third"), granted);
        permits.end(second);
        permits.end(third);
    }

    @Test
    void whatIsLongerThanTheLimitIsAlone() {
        Ticket small = ask("small", 1);
        Ticket huge = ask("huge", 1000);
        Ticket next = ask("next", 1);
        assertEquals(List.of("small"), granted);
        permits.end(small);
        assertEquals(List.of("small", "huge"), granted);
        permits.end(huge);
        assertEquals(List.of("small", "huge", "next"), granted);
        permits.end(next);
    }

    /** A peer may ask for any number of bytes. */
    @Test
    void theLargestNumberDoesNotOverflow() {
        Ticket all = ask("all", Long.MAX_VALUE);
        ask("more", Long.MAX_VALUE);
        ask("nothing", 0);
        assertEquals(List.of("all"), granted);
        permits.end(all);
        assertEquals(List.of("all", "more"), granted);
    }

    @Test
    void whatIsGivenUpWhileItWaitsIsNotGranted() {
        Ticket first = ask("first", 100);
        Ticket second = ask("second", 100);
        permits.end(second);
        permits.end(second);
        permits.end(first);
        assertEquals(List.of("first"), granted);
        ask("third", 100);
        assertEquals(List.of("first", "third"), granted);
    }
}
