package dev.weft.serde.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.serde.processor.model.V1;
import dev.weft.serde.processor.model.V1_AccountCodec;
import dev.weft.serde.processor.model.V2;
import dev.weft.serde.processor.model.V2_AccountCodec;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class EvolutionProperties {
    @Property
    void anOldReaderSkipsWhatItDoesNotKnow(
            @ForAll long id, @ForAll String name, @ForAll List<String> streets, @ForAll String note, @ForAll int last) {
        String sound = soundUtf16(name);
        V2.Account sent = new V2.Account(
                id,
                sound,
                new V2.Address(sound, "Rome"),
                streets.stream()
                        .map(street -> new V2.Address(soundUtf16(street), "Oslo"))
                        .toList(),
                last,
                Optional.of(soundUtf16(note)),
                9);
        V1.Account read = Coding.decode(V1_AccountCodec.CODEC, Coding.encode(V2_AccountCodec.CODEC, sent));
        assertEquals(
                new V1.Account(
                        id,
                        sound,
                        new V1.Address(sound),
                        sent.others().stream()
                                .map(other -> new V1.Address(other.street()))
                                .toList(),
                        last),
                read);
    }

    @Property
    void aNewReaderFillsInWhatIsMissing(
            @ForAll long id, @ForAll String name, @ForAll List<String> streets, @ForAll int last) {
        String sound = soundUtf16(name);
        V1.Account sent = new V1.Account(
                id,
                sound,
                new V1.Address(sound),
                streets.stream()
                        .map(street -> new V1.Address(soundUtf16(street)))
                        .toList(),
                last);
        V2.Account read = Coding.decode(V2_AccountCodec.CODEC, Coding.encode(V1_AccountCodec.CODEC, sent));
        assertEquals(
                new V2.Account(
                        id,
                        sound,
                        new V2.Address(sound, "Berlin"),
                        sent.others().stream()
                                .map(other -> new V2.Address(other.street(), "Berlin"))
                                .toList(),
                        last,
                        Optional.empty(),
                        3),
                read);
    }

    /** Without halves of surrogate pairs, which cannot be sent. */
    private static String soundUtf16(String text) {
        return new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
    }
}
