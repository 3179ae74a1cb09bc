package dev.weft.meta.check;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckFinding.Kind;
import dev.weft.api.meta.MetaException;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files that seem to be longer or shorter than their chunks. A truncation that is under way changes the chunks first, and has
 * no session; so storage is asked twice with a pause between, and what it says must not have changed.
 */
final class LengthCheck {
    private static final int TOGETHER = 1000;

    /** Longer than a truncation takes that changes nothing else for so long. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Check.Place place;
    private final Report report;
    private final List<Long> suspects = new ArrayList<>();

    LengthCheck(Check.Place place, Report report) {
        this.place = place;
        this.report = report;
    }

    /** A file as it was before storage was asked, and what storage said. */
    private record Seen(long inodeId, StoredInode inode, StoredContent.File content, long end) {}

    void suspect(long inodeId) throws MetaException, InterruptedException {
        suspects.add(inodeId);
        if (suspects.size() == TOGETHER) {
            flush();
        }
    }

    /** Looks at all suspects again. */
    void flush() throws MetaException, InterruptedException {
        List<Seen> wrong = new ArrayList<>();
        for (long inodeId : suspects) {
            seen(inodeId).filter(file -> file.end() != file.content().length()).ifPresent(wrong::add);
        }
        suspects.clear();
        if (wrong.isEmpty()) {
            return;
        }
        place.environment().clock().sleep(PAUSE);
        for (Seen file : wrong) {
            if (seen(file.inodeId()).equals(Optional.of(file))) {
                mend(file);
            }
        }
    }

    /** Nothing if the file has a writer, or no name. */
    private Optional<Seen> seen(long inodeId) throws MetaException, InterruptedException {
        Optional<StoredInode> inode = place.store().run((Transaction tx) -> quiet(new Namespace(tx), inodeId));
        if (inode.isEmpty() || !(inode.get().content() instanceof StoredContent.File content)) {
            return Optional.empty();
        }
        long end = place.chunks().length(inodeId, content.layout());
        return Optional.of(new Seen(inodeId, inode.get(), content, end));
    }

    private static Optional<StoredInode> quiet(Namespace namespace, long inodeId) {
        return namespace.isOpen(inodeId)
                ? Optional.empty()
                : namespace.inode(inodeId).filter(inode -> inode.links() > 0);
    }

    private void mend(Seen file) throws InterruptedException {
        StoredContent.File old = file.content();
        boolean still = place.store().run(tx -> {
            Namespace namespace = new Namespace(tx);
            if (!quiet(namespace, file.inodeId()).equals(Optional.of(file.inode()))) {
                return false;
            }
            if (place.repair()) {
                // A writer that knew the old length must not be taken at its word, so this counts as a truncation.
                StoredContent.File right = new StoredContent.File(file.end(), old.truncations() + 1, old.layout());
                namespace.putInode(
                        file.inodeId(),
                        file.inode().written(right, place.environment().clock().instant()));
                namespace.quotas().resize(file.inode().quota(), file.end() - old.length());
            }
            return true;
        });
        if (still) {
            String message =
                    "inode " + file.inodeId() + " has length " + old.length() + ", and its chunks end at " + file.end();
            report.found(new CheckFinding(Kind.WRONG_LENGTH, file.inodeId(), message, place.repair()));
        }
    }
}
