package dev.weft.cli.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private final Timeline<String> timeline = new Timeline<>("a");

    @Test
    void aReadSeesWhatWasAcknowledgedBeforeItBeganAndAllThatFollows() {
        try (var before = timeline.read()) {
            timeline.begin("b");
            timeline.acknowledged();
            timeline.begin("c");
            try (var after = timeline.read()) {
                assertEquals(List.of("b", "c"), after.candidates());
            }
            assertEquals(List.of("a", "b", "c"), before.candidates());
        }
        try (var late = timeline.read()) {
            assertEquals(List.of("b", "c"), late.candidates());
        }
    }

    @Test
    void whatOneReadSawTheNextOneCannotMiss() {
        timeline.begin("b");
        try (var first = timeline.read()) {
            assertEquals(List.of("a", "b"), first.candidates());
            first.saw(1);
        }
        try (var second = timeline.read()) {
            assertEquals(List.of("b"), second.candidates());
        }
    }

    @Test
    void aChangeInDoubtIsTheLastAndMayBeSeenOrNot() {
        timeline.begin("b");
        timeline.inDoubt();
        assertTrue(timeline.hasEnded());
        assertThrows(IllegalStateException.class, () -> timeline.begin("c"));
        try (var read = timeline.read()) {
            assertEquals(List.of("a", "b"), read.candidates());
        }
    }
}
