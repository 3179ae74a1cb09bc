package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaException;
import dev.weft.meta.schema.StoredContent;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes a file as long as what has been written to it. A writer's word is taken if no truncation came between; otherwise
 * storage is asked, and asked again if a truncation comes between then. Only in the name of a session is anything settled.
 * A length only grows here: making it less is a truncation.
 *
 * <p>Any server may settle any file: what it goes by has been read in the transaction that changes the inode.
 */
public record Settlement(Workplace workplace) {
    private static final int ATTEMPTS_MAX = 5;

    /** What becomes of the session. */
    public enum After {
        OPEN,
        CLOSED,
        /** Its client is gone. Should it come back, it is told. */
        ENDED
    }

    /**
     * What someone wants.
     *
     * @param writtenEnd one past the last byte that was written; -1 if nobody knows
     * @param truncations of the file, as the writer knew it
     * @param found what storage said, if it was asked
     */
    record Wanted(long inodeId, UUID session, long writtenEnd, long truncations, After after, Optional<Found> found) {
        Wanted with(Found newlyFound) {
            return new Wanted(inodeId, session, writtenEnd, truncations, after, Optional.of(newlyFound));
        }
    }

    /** Where the chunks of a file ended that had been truncated so often. */
    record Found(long end, long truncations) {}

    /** What came of it. */
    sealed interface Outcome {
        record Settled(Inode inode) implements Outcome {}

        /** Storage has to be asked where the chunks end. */
        record Unknown(StoredContent.File content) implements Outcome {}

        record Refused(MetaException reason) implements Outcome {}
    }

    /** Settles what a client left behind that is gone: nobody says where it had written to. */
    public void end(long inodeId, UUID session) throws MetaException, InterruptedException {
        run(new Wanted(inodeId, session, -1, 0, After.ENDED, Optional.empty()));
    }

    Inode run(Wanted first) throws MetaException, InterruptedException {
        Wanted wanted = first;
        for (int attempt = 0; attempt <= ATTEMPTS_MAX; attempt++) {
            switch (settle(wanted, attempt)) {
                case Outcome.Settled(Inode inode) -> {
                    return inode;
                }
                case Outcome.Refused(MetaException reason) -> throw reason;
                case Outcome.Unknown(StoredContent.File content) -> {
                    long end = workplace.chunks().length(wanted.inodeId(), content.layout());
                    wanted = wanted.with(new Found(end, content.truncations()));
                }
            }
        }
        throw new RpcException(StatusCode.ABORTED, "inode " + first.inodeId() + " is being truncated again and again");
    }

    /** Goes on where the store gives up, as others were always faster. */
    private Outcome settle(Wanted wanted, int attempt) throws InterruptedException {
        try {
            return workplace.settlements().settle(workplace, wanted);
        } catch (RpcException e) {
            if (e.code() != StatusCode.ABORTED || attempt >= ATTEMPTS_MAX) {
                throw e;
            }
            return settle(wanted, attempt + 1);
        }
    }
}
