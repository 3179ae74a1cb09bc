package dev.weft.serde.processor.model;

import dev.weft.serde.Default;
import dev.weft.serde.Serde;
import dev.weft.serde.Unknown;
import java.util.List;
import java.util.Optional;

/** A schema as it was, beside {@link V2}. */
public final class V1 {
    private V1() {}

    @Serde
    public record Account(long id, String name, Address address, List<Address> others, int last) {}

    @Serde
    public record Address(String street) {}

    @Serde
    public enum Level {
        LOW,
        HIGH,
        @Unknown
        OTHER
    }

    @Serde
    public enum StrictLevel {
        LOW
    }

    @Serde
    public sealed interface Event {
        @Serde
        record Opened(int by) implements Event {}
    }

    @Serde
    public record Log(List<Event> events, int after) {}

    @Serde
    public record Defaults(
            int before,
            @Default("7") int number,
            @Default("true") boolean flag,
            @Default("a \"b\" \\ ä") String text,
            @Default("HIGH") Level level,
            Level firstLevel,
            Address address,
            Optional<String> optional,
            List<String> list,
            Event event) {}

    @Serde
    public record OnlyFirst(int before) {}
}
