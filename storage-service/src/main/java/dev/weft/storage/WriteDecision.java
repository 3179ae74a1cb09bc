package dev.weft.storage;

import dev.weft.api.cluster.PublicState;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.storage.engine.Applied;
import dev.weft.storage.engine.ChunkInfo;
import dev.weft.storage.engine.ChunkVersion;
import dev.weft.storage.engine.WriteId;
import java.time.Duration;
import java.util.Optional;

/** What a replica does about a change that has come to it, as a function of what it has. */
sealed interface WriteDecision {
    /**
     * After this time a change whose tag is not known is refused, as it may have been made and forgotten. Tags are
     * remembered for longer than that, for the time that messages are on their way.
     */
    Duration AGE_MAX = Duration.ofMinutes(4);

    /**
     * Makes it version {@code number} of the chunk.
     *
     * @param follows version that it is made of; zero for a new chunk
     */
    record Apply(long number, long follows) implements WriteDecision {}

    /** It has been made; this is what it made. */
    record Repeat(long number, int length, int checksum) implements WriteDecision {}

    /** There is a change before it that has to be finished, or forgotten, first. */
    record FinishFirst(ChunkVersion pending) implements WriteDecision {}

    /** It removes what is not there. */
    record NothingThere() implements WriteDecision {}

    record Refuse(Kind kind, String why) implements WriteDecision {}

    /**
     * At the head, where the number is given out.
     *
     * @param last change of the tag's client and channel that is known
     * @param versionFloor above which a new chunk begins
     * @param age of the change's first attempt
     */
    static WriteDecision atHead(
            WriteId tag,
            boolean removal,
            Duration age,
            Optional<Applied> last,
            Optional<ChunkInfo> chunk,
            long versionFloor) {
        Optional<WriteDecision> known = known(tag, last);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<ChunkVersion> pending = chunk.flatMap(ChunkInfo::pending);
        if (pending.isPresent()) {
            return new FinishFirst(pending.get());
        }
        if (age.compareTo(AGE_MAX) > 0) {
            return new Refuse(
                    Kind.STALE_SEQUENCE,
                    tag + " was first sent " + age.toSeconds()
                            + " s ago; what became of it is not known for longer than " + AGE_MAX.toSeconds() + " s");
        }
        Optional<ChunkVersion> committed = chunk.flatMap(ChunkInfo::committed);
        if (committed.isPresent()) {
            return new Apply(committed.get().number() + 1, committed.get().number());
        }
        return removal ? new NothingThere() : new Apply(versionFloor + 1, 0);
    }

    /**
     * Behind the head, which has given out the number.
     *
     * @param role of our target
     * @param version that the change makes at the predecessor
     * @param follows version that it was made of there
     * @param replace whether it holds the whole chunk
     */
    static WriteDecision atSuccessor(
            WriteId tag,
            boolean removal,
            boolean replace,
            PublicState role,
            long version,
            long follows,
            Optional<Applied> last,
            Optional<ChunkInfo> chunk) {
        // Once, nothing was there to remove, of which the head has not heard; it has found a chunk since.
        boolean notedOnly =
                removal && follows > 0 && last.isPresent() && last.get().number() == 0;
        Optional<WriteDecision> known = known(tag, last);
        if (known.isPresent() && !(notedOnly && known.get() instanceof Repeat)) {
            return known.get();
        }
        if (chunk.isEmpty() && removal) {
            return new NothingThere();
        }
        Optional<ChunkVersion> committed = chunk.flatMap(ChunkInfo::committed);
        long number = committed.map(ChunkVersion::number).orElse(0L);
        if (role != PublicState.SERVING) {
            // Only while we are filled may the versions be apart.
            return replace
                    ? new Apply(removal ? Math.max(version, number + 1) : version, number)
                    : new Refuse(Kind.INVALID, "the target is being filled: it takes whole chunks only");
        }
        if (committed.isPresent() && version == number) {
            return new Repeat(number, committed.get().length(), committed.get().checksum());
        }
        return follows == number && version > follows
                ? new Apply(version, follows)
                : new Refuse(
                        Kind.VERSION_GAP, "version " + number + " is here, version " + version + " follows " + follows);
    }

    private static Optional<WriteDecision> known(WriteId tag, Optional<Applied> last) {
        if (last.isEmpty() || last.get().writer().sequence() < tag.sequence()) {
            return Optional.empty();
        }
        Applied applied = last.get();
        return Optional.of(
                applied.writer().sequence() == tag.sequence()
                        ? new Repeat(applied.number(), applied.length(), applied.checksum())
                        : new Refuse(
                                Kind.STALE_SEQUENCE,
                                applied.writer() + " has been applied, which is later than " + tag));
    }
}
