package dev.weft.meta.operations;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.kv.Transaction;
import dev.weft.meta.operations.Settlement.After;
import dev.weft.meta.operations.Settlement.Outcome;
import dev.weft.meta.operations.Settlement.Wanted;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Settles one file in one transaction, be it removed. For one thread. */
final class FileSettling {
    private final Namespace namespace;
    private final long inodeId;
    private final Instant now;
    private StoredInode inode;
    private StoredContent.File content;

    private FileSettling(Namespace namespace, Truncation.File file, Instant now) {
        this.namespace = namespace;
        this.inodeId = file.inodeId();
        this.now = now;
        this.inode = file.inode();
        this.content = file.content();
    }

    /** Outcomes in the order of what is wanted. */
    static List<Outcome> settleAll(Transaction tx, long inodeId, List<Wanted> wanted, Instant now) {
        Namespace namespace = new Namespace(tx);
        PathAt at = PathAt.inode(inodeId);
        List<Outcome> outcomes = new ArrayList<>();
        FileSettling settling;
        try {
            StoredInode inode = namespace.inode(inodeId).orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, at));
            settling = new FileSettling(namespace, Truncation.File.of(inodeId, inode, at), now);
        } catch (MetaException e) {
            wanted.forEach(_ -> outcomes.add(new Outcome.Refused(e)));
            return outcomes;
        }
        long before = settling.content.length();
        StoredInode old = settling.inode;
        for (Wanted one : wanted) {
            outcomes.add(settling.outcome(one));
        }
        if (!settling.inode.equals(old)) {
            namespace.putInode(inodeId, settling.inode);
            if (old.links() > 0) {
                namespace.quotas().resize(old.quota(), settling.content.length() - before);
            }
        }
        return outcomes;
    }

    private Outcome outcome(Wanted wanted) {
        try {
            return settle(wanted);
        } catch (MetaException e) {
            return new Outcome.Refused(e);
        }
    }

    private Outcome settle(Wanted wanted) throws MetaException {
        OptionalLong end = end(wanted);
        Optional<StoredSession> session = namespace.session(inodeId, wanted.session());
        if (session.isEmpty() || (!session.get().isOpen() && wanted.after() == After.ENDED)) {
            // Closed or ended before: then this is a repetition, and all is settled.
            return new Outcome.Settled(inode.toInode(inodeId));
        }
        if (!session.get().isOpen()) {
            throw Workplace.fault(
                    Kind.SESSION_ENDED,
                    "inode " + inodeId + " counts as closed since "
                            + session.get().ended().orElseThrow() + ", as its client was not to be heard of");
        }
        if (end.isEmpty()) {
            return new Outcome.Unknown(content);
        }
        // A writer that does not know where it ended has written something, as far as we know; one that is gone may not
        // have.
        boolean written = wanted.writtenEnd() != 0 && wanted.after() != After.ENDED;
        if (written || end.getAsLong() > content.length()) {
            write(end.getAsLong(), session.get());
        }
        switch (wanted.after()) {
            case OPEN -> {}
            case CLOSED -> namespace.removeSession(inodeId, wanted.session());
            case ENDED ->
                namespace.putSession(inodeId, wanted.session(), session.get().endedAt(now));
        }
        return new Outcome.Settled(inode.toInode(inodeId));
    }

    /** Where the file ends at least; empty if the one who wants to know has to ask storage. */
    private OptionalLong end(Wanted wanted) throws MetaException {
        if (wanted.writtenEnd() >= 0 && wanted.truncations() == content.truncations()) {
            long max = Lengths.max(content.layout());
            if (wanted.writtenEnd() > max) {
                throw Workplace.fault(
                        Kind.INVALID, "written end " + wanted.writtenEnd() + " exceeds the longest file, " + max);
            }
            return OptionalLong.of(wanted.writtenEnd());
        }
        return wanted.found()
                .filter(found -> found.truncations() == content.truncations())
                .map(found -> OptionalLong.of(found.end()))
                .orElse(OptionalLong.empty());
    }

    private void write(long end, StoredSession session) {
        content = new StoredContent.File(Math.max(content.length(), end), content.truncations(), content.layout());
        inode = inode.written(content, now);
        if (session.user() != Credentials.ROOT) {
            inode = inode.withAccess(Permissions.withoutSetId(inode.access()), now);
        }
    }
}
