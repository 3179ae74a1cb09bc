package dev.weft.meta.schema;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.Layout;
import dev.weft.serde.Serde;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * An inode in the store; its id is in the key.
 *
 * @param links names that lead here, of which a directory has one; none once it is removed
 * @param quota the directory whose quota it counts against; of a directory, what is in it counts against
 * @param modified of a directory, when it was made: what changes with its names is under keys of its own
 */
@Serde
public record StoredInode(
        StoredAccess access,
        int links,
        Instant created,
        Instant accessed,
        Instant modified,
        Instant changed,
        StoredContent content,
        long quota) {
    public static StoredInode of(StoredAccess access, StoredContent content, long quota, Instant now) {
        return new StoredInode(access, 1, now, now, now, now, content, quota);
    }

    public FileType type() {
        return content.type();
    }

    public boolean isDirectory() {
        return content instanceof StoredContent.Directory;
    }

    public StoredInode withAccess(StoredAccess newAccess, Instant now) {
        return new StoredInode(newAccess, links, created, accessed, modified, now, content, quota);
    }

    public StoredInode withTimes(Instant newAccessed, Instant newModified, Instant now) {
        return new StoredInode(access, links, created, newAccessed, newModified, now, content, quota);
    }

    public StoredInode withLinks(int newLinks, Instant now) {
        return new StoredInode(access, newLinks, created, accessed, modified, now, content, quota);
    }

    /** With other content that is no change of the file's bytes, such as another place of a directory. */
    public StoredInode withContent(StoredContent newContent, Instant now) {
        return new StoredInode(access, links, created, accessed, modified, now, newContent, quota);
    }

    /** After bytes were written, or a truncation. */
    public StoredInode written(StoredContent.File newContent, Instant now) {
        return new StoredInode(access, links, created, accessed, now, now, newContent, quota);
    }

    public StoredInode withQuota(long newQuota) {
        return new StoredInode(access, links, created, accessed, modified, changed, content, newQuota);
    }

    /** Bytes that it counts for against its quota. */
    public long bytes() {
        return content instanceof StoredContent.File file ? file.length() : 0;
    }

    public Inode toInode(long inodeId) {
        return toInode(inodeId, links, modified, changed);
    }

    /** As seen from outside, for a directory with what is counted apart. */
    Inode toInode(long inodeId, int seenLinks, Instant seenModified, Instant seenChanged) {
        long length = 0;
        long truncations = 0;
        Optional<Layout> layout = Optional.empty();
        Optional<String> target = Optional.empty();
        switch (content) {
            case StoredContent.File file -> {
                length = file.length();
                truncations = file.truncations();
                layout = Optional.of(file.layout());
            }
            case StoredContent.Symlink link -> {
                length = link.target().getBytes(StandardCharsets.UTF_8).length;
                target = Optional.of(link.target());
            }
            case StoredContent.Directory _ -> {}
        }
        return new Inode(
                inodeId,
                type(),
                access.permissions(),
                access.owner(),
                access.group(),
                seenLinks,
                length,
                truncations,
                created,
                seenModified,
                layout,
                accessed,
                seenChanged,
                target);
    }
}
