package dev.weft.meta.check;

import dev.weft.api.meta.CheckStatus.Phase;
import dev.weft.api.meta.MetaException;
import dev.weft.kv.KeyValueStore;
import dev.weft.meta.ChunkStore;
import dev.weft.meta.operations.InodeIds;
import dev.weft.rpc.Environment;

/**
 * Looks at all metadata, and at all chunks, while others change them.
 *
 * <p>Metadata are looked at as they were at one moment, a new one for each phase, and what is wrong then is looked at again,
 * and mended, in a transaction of its own; so no change that is under way is taken for damage. Storage has no such moments: there
 * the order of questions, and asking twice, make sure ({@link ChunkCheck}).
 *
 * <p>Memory does not grow with the file system. For one thread.
 */
public final class Check {
    /** What the parts of a check share. */
    record Place(Environment environment, KeyValueStore store, ChunkStore chunks, InodeIds ids, boolean repair) {}

    private final Place place;
    private final Report report;

    /** @param repair whether to mend what is found */
    public Check(
            Environment environment,
            KeyValueStore store,
            ChunkStore chunks,
            InodeIds ids,
            boolean repair,
            Report report) {
        this.place = new Place(environment, store, chunks, ids, repair);
        this.report = report;
    }

    /** Does it. Names come first: what becomes unreachable by mending them is found after that. */
    public void run() throws MetaException, InterruptedException {
        report.phase(Phase.ENTRIES);
        new EntryCheck(place, report).run();
        report.phase(Phase.INODES);
        new InodeCheck(place, report).run();
        report.phase(Phase.QUOTAS);
        new QuotaCheck(place, report).run();
        report.phase(Phase.CHUNKS);
        if (place.chunks().inventory().isPresent()) {
            new ChunkCheck(place, place.chunks().inventory().get(), report).run();
        }
        report.phase(Phase.OVER);
    }
}
