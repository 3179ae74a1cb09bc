package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.PublicState;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.storage.engine.Applied;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkKey;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.WriteId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class WriteDecisionProperties {
    private static final UUID CLIENT = new UUID(1, 2);
    private static final ChunkKey KEY = new ChunkKey(1, 2, 3);

    /** What a replica may have; {@code pending} one above what is committed. */
    record Replica(Optional<Applied> last, Optional<ChunkInfo> chunk, long floor) {
        long committed() {
            return chunk.map(ChunkInfo::committedNumber).orElse(0L);
        }

        boolean hasCommitted() {
            return chunk.flatMap(ChunkInfo::committed).isPresent();
        }
    }

    @Provide
    Arbitrary<Replica> replicas() {
        Arbitrary<Long> number = Arbitraries.longs().between(1, 6);
        Arbitrary<Optional<Applied>> last =
                number.map(WriteDecisionProperties::applied).optional();
        return Combinators.combine(last, number.optional(), Arbitraries.of(true, false), number)
                .as((applied, committed, pending, floor) ->
                        new Replica(applied, chunk(committed, pending, floor), floor));
    }

    private static Applied applied(long sequence) {
        return new Applied(1, id(sequence), 10 + sequence, 5, 7);
    }

    private static Optional<ChunkInfo> chunk(Optional<Long> committed, boolean pending, long floor) {
        Optional<ChunkVersion> before = committed.map(WriteDecisionProperties::version);
        Optional<ChunkVersion> next = pending ? Optional.of(version(committed.orElse(floor) + 1)) : Optional.empty();
        return before.isEmpty() && next.isEmpty() ? Optional.empty() : Optional.of(new ChunkInfo(KEY, before, next));
    }

    private static ChunkVersion version(long number) {
        return new ChunkVersion(number, 5, 7, new WriteId(new UUID(9, 9), 0, number), false);
    }

    private static WriteId id(long sequence) {
        return new WriteId(CLIENT, 3, sequence);
    }

    private static WriteDecision atHead(Replica replica, long sequence, boolean removal, Duration age) {
        return WriteDecision.atHead(id(sequence), removal, age, replica.last(), replica.chunk(), replica.floor());
    }

    @Property
    void aTagThatIsKnownIsNeverAppliedAgain(
            @ForAll("replicas") Replica replica,
            @ForAll @IntRange(min = 1, max = 7) int sequence,
            @ForAll boolean removal,
            @ForAll PublicState role,
            @ForAll boolean replace) {
        long last = replica.last().map(applied -> applied.writer().sequence()).orElse(0L);
        WriteDecision head = atHead(replica, sequence, removal, Duration.ZERO);
        WriteDecision successor = WriteDecision.atSuccessor(
                id(sequence),
                removal,
                replace,
                role,
                replica.committed() + 1,
                replica.committed(),
                replica.last(),
                replica.chunk());
        if (sequence == last) {
            assertEquals(new WriteDecision.Repeat(10 + last, 5, 7), head);
            assertEquals(head, successor);
        } else if (sequence < last) {
            assertEquals(
                    Kind.STALE_SEQUENCE,
                    assertInstanceOf(WriteDecision.Refuse.class, head).kind());
            assertEquals(head, successor);
        }
    }

    @Property
    void aHeadGivesOutGrowingVersionsAndNoneWhileOneIsPending(
            @ForAll("replicas") Replica replica, @ForAll boolean removal) {
        switch (atHead(replica, 100, removal, Duration.ZERO)) {
            case WriteDecision.FinishFirst(ChunkVersion pending) ->
                assertEquals(replica.chunk().flatMap(ChunkInfo::pending), Optional.of(pending));
            case WriteDecision.Apply(long number, long follows) -> {
                assertTrue(replica.chunk().flatMap(ChunkInfo::pending).isEmpty());
                assertEquals(replica.committed(), follows);
                assertEquals((replica.hasCommitted() ? replica.committed() : replica.floor()) + 1, number);
            }
            case WriteDecision.NothingThere() ->
                assertTrue(removal && replica.chunk().isEmpty());
            case WriteDecision.Repeat _, WriteDecision.Refuse _ -> throw new AssertionError("the tag is new");
        }
    }

    @Property
    void whatMayHaveBeenForgottenIsRefused(@ForAll("replicas") Replica replica, @ForAll boolean removal) {
        Duration old = WriteDecision.AGE_MAX.plusMillis(1);
        WriteDecision decision = atHead(replica, 100, removal, old);
        if (replica.chunk().flatMap(ChunkInfo::pending).isEmpty()) {
            assertEquals(
                    Kind.STALE_SEQUENCE,
                    assertInstanceOf(WriteDecision.Refuse.class, decision).kind());
        }
        long known = replica.last().map(applied -> applied.writer().sequence()).orElse(0L);
        if (known > 0) {
            assertInstanceOf(WriteDecision.Repeat.class, atHead(replica, known, removal, old));
        }
    }

    @Property
    void aServingSuccessorTakesWhatFollowsItsVersionAndNothingElse(
            @ForAll("replicas") Replica replica,
            @ForAll @IntRange(min = 1, max = 8) int version,
            @ForAll @IntRange(min = 0, max = 7) int follows,
            @ForAll boolean replace) {
        WriteDecision decision = WriteDecision.atSuccessor(
                id(100), false, replace, PublicState.SERVING, version, follows, replica.last(), replica.chunk());
        if (replica.hasCommitted() && version == replica.committed()) {
            assertInstanceOf(WriteDecision.Repeat.class, decision);
        } else if (follows == replica.committed() && version > follows) {
            assertEquals(new WriteDecision.Apply(version, follows), decision);
        } else {
            assertEquals(
                    Kind.VERSION_GAP,
                    assertInstanceOf(WriteDecision.Refuse.class, decision).kind());
        }
    }

    @Property
    void aTargetThatIsFilledTakesWholeChunksOfAnyVersion(
            @ForAll("replicas") Replica replica,
            @ForAll @IntRange(min = 1, max = 8) int version,
            @ForAll @IntRange(min = 0, max = 7) int follows,
            @ForAll boolean removal) {
        WriteDecision whole = WriteDecision.atSuccessor(
                id(100), removal, true, PublicState.SYNCING, version, follows, replica.last(), replica.chunk());
        if (removal && replica.chunk().isEmpty()) {
            assertInstanceOf(WriteDecision.NothingThere.class, whole);
        } else {
            long number = assertInstanceOf(WriteDecision.Apply.class, whole).number();
            assertEquals(removal ? Math.max(version, replica.committed() + 1) : version, number);
        }
        WriteDecision part = WriteDecision.atSuccessor(
                id(100), false, false, PublicState.SYNCING, version, follows, replica.last(), replica.chunk());
        assertEquals(
                Kind.INVALID, assertInstanceOf(WriteDecision.Refuse.class, part).kind());
    }
}
