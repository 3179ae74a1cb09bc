package dev.weft.meta.schema;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.Transaction;
import dev.weft.serde.Codec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The tree of files as one transaction sees and changes it. Every read conflicts with later changes of what was read, so
 * an operation that looked at a path commits only if the path still leads where it did.
 */
public final class Namespace {
    /** Inode of {@code /}. It exists from the beginning and has no entry. */
    public static final long ROOT_ID = 1;

    private static final StoredEntry ROOT = new StoredEntry(ROOT_ID, FileType.DIRECTORY);

    private final Transaction transaction;

    public Namespace(Transaction transaction) {
        this.transaction = transaction;
    }

    /**
     * A path that was followed.
     *
     * @param ancestors inodes of the directories from the root down to the last directory before the entry
     * @param entry what the path leads to, if anything
     */
    public record Resolved(MetaPath path, List<Long> ancestors, Optional<StoredEntry> entry) {
        /** The directory that has, or would have, the entry. */
        public long parentId() {
            return ancestors.getLast();
        }

        public StoredEntry existing() throws MetaException {
            if (entry.isEmpty()) {
                throw MetaPath.fault(Kind.NOT_FOUND, path.toString());
            }
            return entry.get();
        }
    }

    /** Follows a path up to its last name, which may be missing; all before it must be directories. */
    public Resolved resolve(MetaPath path) throws MetaException {
        if (path.isRoot()) {
            return new Resolved(path, List.of(), Optional.of(ROOT));
        }
        List<Long> ancestors = new ArrayList<>();
        StoredEntry directory = ROOT;
        for (String name : path.parent().names()) {
            ancestors.add(directory.inodeId());
            directory = directoryIn(directory, name, path);
        }
        ancestors.add(directory.inodeId());
        return new Resolved(path, ancestors, entry(directory.inodeId(), path.name()));
    }

    private StoredEntry directoryIn(StoredEntry parent, String name, MetaPath path) throws MetaException {
        StoredEntry next = entry(parent.inodeId(), name)
                .orElseThrow(() -> MetaPath.fault(Kind.NOT_FOUND, "'" + name + "' in " + path));
        if (next.type() != FileType.DIRECTORY) {
            throw MetaPath.fault(Kind.NOT_A_DIRECTORY, "'" + name + "' in " + path);
        }
        return next;
    }

    public Optional<StoredEntry> entry(long parentId, String name) {
        return read(StoredEntryCodec.CODEC, Keys.entry(parentId, name));
    }

    public void putEntry(long parentId, String name, StoredEntry entry) {
        transaction.put(Keys.entry(parentId, name), Records.encode(StoredEntryCodec.CODEC, entry));
    }

    public void removeEntry(long parentId, String name) {
        transaction.remove(Keys.entry(parentId, name));
    }

    public boolean isEmptyDirectory(long inodeId) {
        return transaction.range(Keys.entries(inodeId), 1).isEmpty();
    }

    /** A page of a directory, by name. */
    public record Named(String name, StoredEntry entry) {}

    /** The first entries after the name {@code after}; empty for all. */
    public List<Named> entries(long parentId, String after, int limit) {
        KeyRange range = Keys.entries(parentId);
        if (!after.isEmpty()) {
            range = range.after(Keys.entry(parentId, after));
        }
        List<Named> page = new ArrayList<>();
        for (KeyValue found : transaction.range(range, limit)) {
            page.add(new Named(Keys.nameOf(found.key()), Records.decode(StoredEntryCodec.CODEC, found.value())));
        }
        return page;
    }

    public Optional<StoredInode> inode(long inodeId) {
        return read(StoredInodeCodec.CODEC, Keys.inode(inodeId));
    }

    /** The inode of an entry, which exists as long as the entry does. */
    public StoredInode inodeOf(StoredEntry entry) {
        return inode(entry.inodeId())
                .orElseThrow(
                        () -> new IllegalStateException("inode " + entry.inodeId() + " has an entry but is missing"));
    }

    public void putInode(long inodeId, StoredInode inode) {
        transaction.put(Keys.inode(inodeId), Records.encode(StoredInodeCodec.CODEC, inode));
    }

    public void removeInode(long inodeId) {
        transaction.remove(Keys.inode(inodeId));
    }

    public void putSession(long inodeId, UUID session, StoredSession value) {
        transaction.put(Keys.session(inodeId, session), Records.encode(StoredSessionCodec.CODEC, value));
    }

    public void removeSession(long inodeId, UUID session) {
        transaction.remove(Keys.session(inodeId, session));
    }

    public void removeSessions(long inodeId) {
        transaction.clear(Keys.sessions(inodeId));
    }

    /** Whether a session of the inode was opened after {@code since}, looking at no more than {@code limit} of them. */
    public boolean isOpenSince(long inodeId, Instant since, int limit) {
        return transaction.range(Keys.sessions(inodeId), limit).stream()
                .map(found -> Records.decode(StoredSessionCodec.CODEC, found.value()))
                .anyMatch(session -> session.opened().isAfter(since));
    }

    /** Leaves the inode and all below it to the collector; the caller removes the entry. */
    public void discard(StoredEntry entry) {
        transaction.putStamped(
                Keys.GARBAGE,
                Bytes.ofLong(entry.inodeId()),
                Records.encode(StoredGarbageCodec.CODEC, new StoredGarbage(entry.inodeId(), entry.type())));
    }

    private <T> Optional<T> read(Codec<T> codec, Bytes key) {
        return transaction.get(key).map(value -> Records.decode(codec, value));
    }
}
