package dev.weft.serde.processor.model;

import dev.weft.serde.Default;
import dev.weft.serde.Serde;
import java.util.List;
import java.util.Optional;

/** The same schema later: fields, cases and constants were appended. */
public final class V2 {
    private V2() {}

    @Serde
    public record Account(
            long id,
            String name,
            Address address,
            List<Address> others,
            int last,
            Optional<String> note,
            @Default("3") int priority) {}

    @Serde
    public record Address(String street, @Default("Berlin") String city) {}

    @Serde
    public enum Level {
        LOW,
        HIGH,
        HIGHER,
        HIGHEST
    }

    @Serde
    public sealed interface Event {
        @Serde
        record Closed(String why) implements Event {}

        @Serde
        record Opened(int by, long at) implements Event {}
    }

    @Serde
    public record Log(List<Event> events, int after) {}
}
