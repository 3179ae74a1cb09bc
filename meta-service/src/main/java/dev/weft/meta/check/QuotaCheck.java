package dev.weft.meta.check;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckFinding.Kind;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredInodeCodec;
import dev.weft.meta.schema.StoredQuota;
import dev.weft.meta.schema.StoredQuotaCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What quotas have counted against what there is, both at one moment. Counters are added to without being read, so what they
 * were off by then they are off by now, whatever has come since. Quotas are taken so many at a time.
 */
final class QuotaCheck {
    private static final int TOGETHER = 100_000;

    /** What one quota should have counted. */
    private static final class Count {
        final long outer;
        long inodes;
        long bytes;

        Count(long outer) {
            this.outer = outer;
        }
    }

    private final Check.Place place;
    private final Report report;

    QuotaCheck(Check.Place place, Report report) {
        this.place = place;
        this.report = report;
    }

    void run() throws InterruptedException {
        try (SnapshotView view = new SnapshotView(place.store().begin())) {
            KeyRange rest = KeyRange.prefix(Keys.QUOTAS);
            while (!rest.isEmpty()) {
                Map<Long, Count> counts = new TreeMap<>();
                rest = take(view, rest, counts);
                count(view, counts);
                for (Map.Entry<Long, Count> one : counts.entrySet()) {
                    compare(view, one.getKey(), one.getValue());
                }
            }
        }
    }

    private static KeyRange take(SnapshotView view, KeyRange rest, Map<Long, Count> counts) {
        KeyRange left = rest;
        while (!left.isEmpty() && counts.size() < TOGETHER) {
            List<KeyValue> page = view.snapshotRange(left, 1000);
            for (KeyValue found : page) {
                if (Keys.isQuota(found.key())) {
                    StoredQuota quota = Records.decode(StoredQuotaCodec.CODEC, found.value());
                    counts.put(Keys.inodeOf(found.key()), new Count(quota.outer()));
                }
            }
            left = page.size() < 1000
                    ? new KeyRange(left.end(), left.end())
                    : left.after(page.getLast().key());
        }
        return left;
    }

    private void count(SnapshotView view, Map<Long, Count> counts) throws InterruptedException {
        Namespace namespace = new Namespace(view);
        view.forEach(KeyRange.prefix(Keys.INODES), found -> {
            if (!Keys.isInode(found.key())) {
                return;
            }
            report.looked();
            StoredInode inode = Records.decode(StoredInodeCodec.CODEC, found.value());
            long own = Keys.inodeOf(found.key());
            if (inode.links() > 0) {
                long first = inode.quota() == own ? outer(namespace, counts, own) : inode.quota();
                for (long id = first; id != 0; id = outer(namespace, counts, id)) {
                    Optional<Count> count = Optional.ofNullable(counts.get(id));
                    if (count.isPresent()) {
                        count.get().inodes++;
                        count.get().bytes += inode.bytes();
                    }
                }
            }
        });
    }

    /** Zero if there is none, or the quota is missing. */
    private static long outer(Namespace namespace, Map<Long, Count> counts, long id) {
        Optional<Count> known = Optional.ofNullable(counts.get(id));
        return known.isPresent()
                ? known.get().outer
                : namespace.quotas().find(id).map(StoredQuota::outer).orElse(0L);
    }

    private void compare(SnapshotView view, long id, Count there) throws InterruptedException {
        long inodes = view.get(Keys.quotaInodes(id)).map(Bytes::counter).orElse(0L);
        long bytes = view.get(Keys.quotaBytes(id)).map(Bytes::counter).orElse(0L);
        if (inodes == there.inodes && bytes == there.bytes) {
            return;
        }
        boolean exists = place.store().run((Transaction tx) -> {
            boolean still = tx.get(Keys.quota(id)).isPresent();
            if (still && place.repair()) {
                tx.add(Keys.quotaInodes(id), there.inodes - inodes);
                tx.add(Keys.quotaBytes(id), there.bytes - bytes);
            }
            return still;
        });
        if (exists) {
            String message = String.format(
                    "below inode %d are %d inodes and %d bytes, and its quota has counted %d and %d",
                    id, there.inodes, there.bytes, inodes, bytes);
            report.found(new CheckFinding(Kind.WRONG_QUOTA, id, message, place.repair()));
        }
    }
}
