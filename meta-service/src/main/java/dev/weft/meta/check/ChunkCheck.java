package dev.weft.meta.check;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckFinding.Kind;
import dev.weft.api.meta.MetaException;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.Transaction;
import dev.weft.meta.ChunkInventory;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredInodeCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The chunks on all chains against the files: both are gone through in the order of inodes, side by side.
 *
 * <p>Storage may change while it is looked at. Orphaned are chunks that are there <em>after</em> their inode was seen to be
 * missing: chunks come after their inode and go before it, and ids never come back. A length is wrong if the file has not
 * changed and has had no writer from before storage was asked until after that, twice ({@link LengthCheck}).
 */
final class ChunkCheck {
    private static final int PAGE = 1000;

    private final Check.Place place;
    private final ChunkInventory inventory;
    private final Report report;
    private final LengthCheck lengths;
    private final List<ChainCursor> chains = new ArrayList<>();

    /** Inodes read ahead, and where those after them begin. */
    private final Deque<File> inodes = new ArrayDeque<>();

    private KeyRange rest = KeyRange.prefix(Keys.INODES);

    ChunkCheck(Check.Place place, ChunkInventory inventory, Report report) {
        this.place = place;
        this.inventory = inventory;
        this.report = report;
        this.lengths = new LengthCheck(place, report);
    }

    private record File(long inodeId, StoredInode inode) {}

    void run() throws MetaException, InterruptedException {
        inventory.chains().forEach(chainId -> chains.add(new ChainCursor(inventory, chainId)));
        OptionalLong id = next();
        while (id.isPresent()) {
            look(id.getAsLong());
            id = next();
        }
        lengths.flush();
    }

    /** The smallest inode that comes next anywhere. */
    private OptionalLong next() throws MetaException, InterruptedException {
        if (inodes.isEmpty()) {
            readAhead();
        }
        OptionalLong least = inodes.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(inodes.element().inodeId());
        for (ChainCursor chain : chains) {
            OptionalLong id = chain.inode();
            if (id.isPresent() && (least.isEmpty() || Long.compareUnsigned(id.getAsLong(), least.getAsLong()) < 0)) {
                least = id;
            }
        }
        return least;
    }

    private void readAhead() {
        while (inodes.isEmpty() && !rest.isEmpty()) {
            List<KeyValue> page;
            try (Transaction tx = place.store().begin()) {
                page = tx.snapshotRange(rest, PAGE);
            }
            for (KeyValue found : page) {
                if (Keys.isInode(found.key())) {
                    inodes.add(
                            new File(Keys.inodeOf(found.key()), Records.decode(StoredInodeCodec.CODEC, found.value())));
                }
            }
            rest = page.size() < PAGE
                    ? new KeyRange(rest.end(), rest.end())
                    : rest.after(page.getLast().key());
        }
    }

    private void look(long id) throws MetaException, InterruptedException {
        List<ChainCursor.Part> parts = new ArrayList<>();
        for (ChainCursor chain : chains) {
            OptionalLong next = chain.inode();
            if (next.isPresent() && next.getAsLong() == id) {
                parts.add(chain.take(report));
            }
        }
        Optional<StoredInode> inode = Optional.empty();
        if (!inodes.isEmpty() && inodes.element().inodeId() == id) {
            inode = Optional.of(inodes.remove().inode());
        }
        for (ChainCursor.Part part : parts) {
            if (!isOn(inode, part.chainId())) {
                orphaned(id, part);
            }
        }
        if (inode.isPresent()
                && inode.get().content() instanceof StoredContent.File file
                && inode.get().links() > 0) {
            long end = parts.stream()
                    .filter(part -> file.layout().chains().contains(part.chainId()))
                    .mapToLong(part -> (long) part.lastIndex() * file.layout().chunkSize() + part.lastLength())
                    .max()
                    .orElse(0);
            if (end != file.length()) {
                lengths.suspect(id);
            }
        }
    }

    private static boolean isOn(Optional<StoredInode> inode, int chainId) {
        return inode.isPresent()
                && inode.get().content() instanceof StoredContent.File file
                && file.layout().chains().contains(chainId);
    }

    private void orphaned(long id, ChainCursor.Part part) throws MetaException, InterruptedException {
        Optional<StoredInode> now = place.store().run((Transaction tx) -> new Namespace(tx).inode(id));
        if (isOn(now, part.chainId()) || !inventory.has(part.chainId(), id)) {
            return;
        }
        if (place.repair()) {
            inventory.remove(part.chainId(), id);
        }
        String message = "chain " + part.chainId() + " has " + part.chunks() + " chunks of inode " + id
                + (now.isEmpty() ? ", which is not there" : ", which has none there");
        report.found(new CheckFinding(Kind.ORPHANED_CHUNKS, id, message, place.repair()));
    }
}
