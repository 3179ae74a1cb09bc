package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ChunkStat;
import dev.weft.api.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

final class ChunkDifferencesProperties {
    @Provide
    Arbitrary<NavigableMap<ChunkId, ChunkStat>> replicas() {
        Arbitrary<ChunkId> chunks = Combinators.combine(
                        Arbitraries.of(0L, 1L, -1L), Arbitraries.integers().between(0, 4))
                .as(ChunkId::new);
        Arbitrary<ChunkStat> stats = Combinators.combine(
                        chunks, Arbitraries.longs().between(1, 3), Arbitraries.of(5, 6), Arbitraries.of(true, false))
                .as((chunk, version, length, pending) -> new ChunkStat(chunk, version, length, 7, pending));
        return stats.list().ofMaxSize(12).map(list -> {
            NavigableMap<ChunkId, ChunkStat> replica = new TreeMap<>();
            list.forEach(stat -> replica.put(stat.chunk(), stat));
            return replica;
        });
    }

    @Property
    void whoIsBroughtTheDifferencesHasWhatWeHave(
            @ForAll("replicas") NavigableMap<ChunkId, ChunkStat> ours,
            @ForAll("replicas") NavigableMap<ChunkId, ChunkStat> theirs,
            @ForAll @IntRange(min = 1, max = 5) int page)
            throws StorageException {
        NavigableMap<ChunkId, ChunkStat> filled = new TreeMap<>(theirs);
        for (ChunkDifferences.Difference difference : differences(ours, theirs, page)) {
            ChunkStat here = ours.get(difference.chunk());
            if (here == null) {
                assertEquals(0, difference.length());
                filled.remove(difference.chunk());
            } else {
                assertEquals(here.length(), difference.length());
                filled.put(difference.chunk(), here);
            }
        }
        assertEquals(ours, filled);
    }

    @Property
    void whatIsTheSameAndAtRestIsNotBroughtAgain(
            @ForAll("replicas") NavigableMap<ChunkId, ChunkStat> ours,
            @ForAll("replicas") NavigableMap<ChunkId, ChunkStat> theirs,
            @ForAll @IntRange(min = 1, max = 5) int page)
            throws StorageException {
        List<ChunkId> brought = differences(ours, theirs, page).stream()
                .map(ChunkDifferences.Difference::chunk)
                .toList();
        assertEquals(brought.stream().sorted().distinct().toList(), brought, "each once, in order");
        for (ChunkId chunk : brought) {
            ChunkStat here = ours.get(chunk);
            assertTrue(here == null || here.pending() || !here.equals(theirs.get(chunk)));
        }
    }

    @Property
    void whatIsPendingOnOurSideIsAlwaysBrought(
            @ForAll("replicas") NavigableMap<ChunkId, ChunkStat> ours, @ForAll @IntRange(min = 1, max = 5) int page)
            throws StorageException {
        List<ChunkId> pending = ours.values().stream()
                .filter(ChunkStat::pending)
                .map(ChunkStat::chunk)
                .toList();
        assertEquals(
                pending,
                differences(ours, ours, page).stream()
                        .map(ChunkDifferences.Difference::chunk)
                        .toList());
    }

    private static List<ChunkDifferences.Difference> differences(
            NavigableMap<ChunkId, ChunkStat> ours, NavigableMap<ChunkId, ChunkStat> theirs, int page)
            throws StorageException {
        ChunkDifferences differences = new ChunkDifferences(pages(ours, page), pages(theirs, page));
        List<ChunkDifferences.Difference> all = new ArrayList<>();
        ChunkDifferences.@Nullable Difference next = differences.next();
        while (next != null) {
            all.add(next);
            next = differences.next();
        }
        return all;
    }

    private static ChunkPages pages(NavigableMap<ChunkId, ChunkStat> replica, int page) throws StorageException {
        return new ChunkPages(after -> (after == null ? replica : replica.tailMap(after, false))
                .values().stream().limit(page).toList());
    }
}
