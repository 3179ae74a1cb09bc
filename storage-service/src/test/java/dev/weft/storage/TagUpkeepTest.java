package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.api.cluster.NotPrimary;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.member.LiveClients;
import dev.weft.rpc.Environment;
import dev.weft.rpc.testkit.TestClock;
import dev.weft.storage.engine.Change;
import dev.weft.storage.engine.ChunkEngine;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.EngineOptions;
import dev.weft.storage.engine.FileDisk;
import dev.weft.storage.engine.ReloadableEngine;
import dev.weft.storage.engine.WriteId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TagUpkeepTest {
    private static final long TARGET = 7;
    private static final UUID STAYING = new UUID(1, 1);
    private static final UUID GONE = new UUID(2, 2);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Environment environment = new Environment(
            clock, Environment.system().random(), Thread.ofVirtual().factory());
    private final Counters counters = new Counters();
    private ChunkEngine engine;
    private long version;

    @SuppressWarnings("NullAway.Init") // see open
    TagUpkeepTest() {}

    @BeforeEach
    void open() throws IOException {
        engine = new ReloadableEngine(
                () -> FileDisk.open(folder), Thread.ofPlatform().factory(), EngineOptions.defaults());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void whoHasNoSessionIsForgottenAfterMinutesAndWhoHasOneAfterAnHour() throws IOException {
        TagUpkeep upkeep = upkeep(() -> Set.of(STAYING));
        write(STAYING, 1);
        write(GONE, 1);
        upkeep.round();
        pass(upkeep, TagUpkeep.KEPT.minusMinutes(1));
        write(GONE, 2);
        assertEquals(
                2,
                engine.applied(TARGET, new WriteId(GONE, 1, 0))
                        .orElseThrow()
                        .writer()
                        .sequence());
        pass(upkeep, Duration.ofMinutes(1));
        assertEquals(2, engine.appliedCount(TARGET), "one was silent for long enough, but has written again");
        pass(upkeep, TagUpkeep.KEPT);
        assertEquals(List.of(STAYING), remembered());
        pass(upkeep, TagUpkeep.KEPT_IN_SESSION);
        assertEquals(List.of(), remembered());
        assertEquals(2, counters.snapshot().get("storage.tag-forgotten"));
    }

    @Test
    void nobodyIsForgottenEarlyWhileItIsNotKnownWhoIsThere() throws IOException {
        TagUpkeep upkeep = upkeep(() -> {
            throw new NotPrimaryException(new NotPrimary(0, List.of(), "nobody knows"));
        });
        write(GONE, 1);
        upkeep.round();
        pass(upkeep, TagUpkeep.KEPT.multipliedBy(2));
        assertEquals(List.of(GONE), remembered());
        pass(upkeep, TagUpkeep.KEPT_IN_SESSION);
        assertEquals(List.of(), remembered());
    }

    @Test
    void whatIsForgottenStaysForgottenAndWhatWasWrittenMeanwhileKept() throws IOException {
        TagUpkeep upkeep = upkeep(Set::of);
        write(GONE, 1);
        upkeep.round();
        pass(upkeep, TagUpkeep.KEPT);
        write(STAYING, 1);
        close();
        open();
        assertEquals(List.of(STAYING), remembered());
    }

    private TagUpkeep upkeep(LiveClients clients) {
        return new TagUpkeep(List.of(TARGET), engine, clients, environment, counters);
    }

    private void pass(TagUpkeep upkeep, Duration time) {
        for (long minute = 0; minute < time.toMinutes(); minute++) {
            clock.advance(Duration.ofMinutes(1));
            upkeep.round();
        }
    }

    private List<UUID> remembered() {
        return engine.allApplied(TARGET).stream()
                .map(applied -> applied.writer().client())
                .toList();
    }

    private void write(UUID client, long sequence) throws IOException {
        ChunkKey key = new ChunkKey(TARGET, 1, 0);
        engine.apply(key, ++version, new Change.Truncate(5), new WriteId(client, 1, sequence));
        engine.commit(key, version);
    }
}
