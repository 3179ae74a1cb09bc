package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The generated source, as people will read it, one golden file per kind.
 *
 * <p>{@code mvn -pl serde-processor -am test -Dweft.golden.refresh=true} writes the golden files anew.
 */
final class GeneratedSourceTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path scratch;

    @Test
    void ofARecord() throws IOException {
        check("ReservationCodec", """
                package t;
                import dev.weft.serde.*;
                import java.util.*;
                @Serde
                public record Reservation(
                        long id, int seats, String name, List<Integer> tables, Optional<UUID> guest,
                        @Default("1") int priority, boolean confirmed) {
                    public Reservation {
                        if (seats < 0) throw new IllegalArgumentException("seats " + seats);
                    }
                }
                """);
    }

    @Test
    void ofAGenericRecord() throws IOException {
        check("PageCodec", """
                package t;
                import dev.weft.serde.*;
                import java.util.*;
                @Serde
                public record Page<K extends Comparable<K>, V>(Map<K, V> entries, Optional<Page<K, V>> next) {}
                """);
    }

    @Test
    void ofAnEnum() throws IOException {
        check("StateCodec", """
                package t;
                import dev.weft.serde.*;
                @Serde
                public enum State { IDLE, @Tag(5) BUSY, @Unknown UNKNOWN }
                """);
    }

    @Test
    void ofAUnion() throws IOException {
        check("EventCodec", """
                package t;
                import dev.weft.serde.*;
                @Serde
                public sealed interface Event {
                    @Serde record Opened(int by) implements Event {}
                    @Serde @Tag(2) record Closed() implements Event {}
                    @Unknown record Unheard(int tag, java.lang.foreign.MemorySegment body) implements Event {}
                }
                """);
    }

    @Test
    void ofAService() throws IOException {
        check("ClockworkRpc", RpcSources.with("""
                package t;
                import dev.weft.rpc.*;
                import java.util.*;
                @RpcService
                public interface Clockwork {
                    @Idempotent
                    List<Integer> read(String name) throws Broken;
                    void wind(int turns) throws Broken;
                    long now();
                    @OneWay
                    void tick();
                }
                """, """
                package t;
                public class Broken extends Exception {
                    public Broken(String detail) { super(detail); }
                    public String detail() { return getMessage(); }
                }
                """));
    }

    @Test
    void ofAServiceWithStreams() throws IOException {
        check("TickerRpc", RpcSources.with("""
                package t;
                import dev.weft.rpc.*;
                import java.util.*;
                @RpcService
                public interface Ticker {
                    void prices(String symbol, StreamWriter<Long> out);
                    long sum(StreamReader<Integer> amounts) throws Closed;
                    @Idempotent
                    List<String> trade(StreamReader<String> orders, StreamWriter<List<String>> caller);
                }
                """, """
                package t;
                public class Closed extends Exception {
                    public Closed(String detail) { super(detail); }
                    public String detail() { return getMessage(); }
                }
                """));
    }

    private void check(String className, String... sources) throws IOException {
        InMemoryCompiler.Outcome outcome = InMemoryCompiler.process(scratch, sources);
        assertEquals(List.of(), outcome.errors());
        String generated = outcome.generated().get(className);
        Path golden = GOLDEN.resolve(className + ".java");
        if (Boolean.getBoolean("weft.golden.refresh")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, generated);
        }
        assertEquals(Files.readString(golden), generated);
    }
}
