package dev.weft.api.cluster.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.cluster.NotPrimary;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class PrimaryFinderTest {
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Supplier<String>> managers = new HashMap<>();
    private final PrimaryFinder<String> finder =
            new PrimaryFinder<>(List.of("a", "b", "c"), address -> address, Duration.ofSeconds(1), Clock.system());

    private String ask() {
        asked.clear();
        return finder.call(Duration.ZERO, address -> {
            asked.add(address);
            return managers.getOrDefault(address, () -> fail(StatusCode.UNAVAILABLE))
                    .get();
        });
    }

    private static String fail(StatusCode code) {
        throw new RpcException(code, "no");
    }

    private static String elsewhere(String... addresses) {
        throw new NotPrimaryException(new NotPrimary(1, List.of(addresses), "not me"));
    }

    @Test
    void goesWhereItIsSentAndStaysThere() {
        managers.put("a", () -> elsewhere("c"));
        managers.put("c", () -> "primary");
        assertEquals("primary", ask());
        assertEquals(List.of("a", "c"), asked);
        ask();
        assertEquals(List.of("c"), asked);
    }

    @Test
    void goesOnFromOneThatDoesNotAnswer() {
        managers.put("c", () -> "primary");
        assertEquals("primary", ask());
        assertEquals(List.of("a", "b", "c"), asked);
    }

    @Test
    void asksEachOnceAndBeginsElsewhereTheNextTime() {
        managers.put("a", () -> elsewhere("b"));
        managers.put("b", () -> elsewhere("a", "c"));
        RpcException failure = assertThrows(RpcException.class, this::ask);
        assertEquals(StatusCode.UNAVAILABLE, failure.code());
        assertEquals(List.of("a", "b", "c"), asked);
        assertThrows(RpcException.class, this::ask);
        assertEquals("b", asked.getFirst());
    }

    @Test
    void passesOnWhatThePrimaryRefuses() {
        managers.put("a", () -> fail(StatusCode.FAILED_PRECONDITION));
        RpcException failure = assertThrows(RpcException.class, this::ask);
        assertEquals(StatusCode.FAILED_PRECONDITION, failure.code());
        assertEquals(List.of("a"), asked);
    }
}
