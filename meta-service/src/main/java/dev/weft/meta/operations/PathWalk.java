package dev.weft.meta.operations;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.kv.Bytes;
import dev.weft.meta.operations.Place.Directory;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Follows one path. As far as earlier walks tell where it leads, all of it is fetched by one read, and otherwise each name by
 * one. Every directory on the way must allow the caller to search it.
 */
final class PathWalk {
    /** As many symbolic links on one path as Linux follows. */
    private static final int LINKS_MAX = 40;

    private final Namespace namespace;
    private final PathHints hints;
    private final Credentials caller;
    private final PathAt asked;
    private final boolean follow;

    /** The directories from where the walk began to where it is; one of them at least, while it goes. */
    private final Deque<Directory> way = new ArrayDeque<>();

    /** What is still to be followed. */
    private final Deque<String> names = new ArrayDeque<>();

    private boolean mustBeDirectory;
    private int links;

    /** @param follow whether to go on if the last name is that of a symbolic link */
    PathWalk(Namespace namespace, PathHints hints, Credentials caller, PathAt asked, boolean follow) {
        this.namespace = namespace;
        this.hints = hints;
        this.caller = caller;
        this.asked = asked;
        this.follow = follow;
    }

    Place go() throws MetaException {
        if (asked.path().isEmpty()) {
            StoredInode inode = live(asked.base());
            return new Place(asked, Optional.empty(), "", Optional.of(StoredEntry.of(asked.base(), inode)));
        }
        MetaPath path = MetaPath.parse(asked.path());
        append(path);
        prefetch(path.absolute() ? Namespace.ROOT_ID : asked.base());
        if (path.absolute()) {
            beginAtRoot();
        } else {
            StoredInode base = live(asked.base());
            if (!base.isDirectory()) {
                throw Workplace.fault(Kind.NOT_A_DIRECTORY, asked);
            }
            way.push(new Directory(asked.base(), base.access()));
        }
        while (!names.isEmpty()) {
            Optional<Place> end = step(names.pop());
            if (end.isPresent()) {
                return end.get();
            }
        }
        return Place.ofDirectory(asked, here());
    }

    /** Fetches what the names from a directory on probably lead through, and what is at the end. */
    private void prefetch(long directoryId) {
        List<Bytes> keys = new ArrayList<>();
        keys.add(directoryId == Namespace.ROOT_ID ? Keys.entry(0, "") : Keys.inode(directoryId));
        StoredEntry reached = null;
        long parentId = directoryId;
        for (String name : names) {
            if (name.equals(".")) {
                continue;
            }
            keys.add(Keys.entry(parentId, name));
            reached = hints.find(parentId, name);
            if (reached == null || !reached.isDirectory()) {
                break;
            }
            parentId = reached.inodeId();
        }
        if (reached != null) {
            keys.addAll(Namespace.keysOf(reached));
        }
        namespace.prefetch(keys);
    }

    /** Follows one name; where it leads, if it was the last. */
    private Optional<Place> step(String name) throws MetaException {
        Directory directory = here();
        Permissions.require(caller, directory.access(), Permissions.SEARCH, "'" + name + "' in " + asked);
        if (name.equals(".")) {
            return Optional.empty();
        }
        if (name.equals("..")) {
            goUp();
            return Optional.empty();
        }
        boolean last = names.isEmpty();
        Optional<StoredEntry> entry = namespace.entry(directory.inodeId(), name);
        entry.ifPresent(found -> hints.learn(directory.inodeId(), name, found));
        if (entry.isPresent() && entry.get().type() == FileType.SYMLINK && (!last || follow || mustBeDirectory)) {
            followLink(entry.get());
            return Optional.empty();
        }
        if (last) {
            if (mustBeDirectory && entry.isPresent() && !entry.get().isDirectory()) {
                throw Workplace.fault(Kind.NOT_A_DIRECTORY, asked);
            }
            return Optional.of(new Place(asked, Optional.of(directory), name, entry));
        }
        if (entry.isEmpty()) {
            throw Workplace.fault(Kind.NOT_FOUND, "'" + name + "' in " + asked);
        }
        if (!entry.get().isDirectory()) {
            throw Workplace.fault(Kind.NOT_A_DIRECTORY, "'" + name + "' in " + asked);
        }
        way.push(Directory.of(entry.get()));
        return Optional.empty();
    }

    private void followLink(StoredEntry entry) throws MetaException {
        links++;
        if (links > LINKS_MAX) {
            throw Workplace.fault(Kind.LINK_LOOP, asked);
        }
        StoredContent content = namespace.inodeOf(entry).content();
        if (!(content instanceof StoredContent.Symlink link)) {
            throw new IllegalStateException("inode " + entry.inodeId() + " is not the link that its entry says");
        }
        MetaPath target = MetaPath.parse(link.target());
        append(target);
        prefetch(target.absolute() ? Namespace.ROOT_ID : here().inodeId());
        if (target.absolute()) {
            way.clear();
            beginAtRoot();
        }
    }

    /** Puts the names of a path before those that are left. */
    private void append(MetaPath path) throws MetaException {
        if (names.isEmpty()) {
            mustBeDirectory |= path.directory();
        }
        for (String name : path.names().reversed()) {
            names.push(name);
        }
    }

    private void beginAtRoot() {
        way.push(Directory.of(namespace.root()));
    }

    private void goUp() throws MetaException {
        Directory left = way.pop();
        if (!way.isEmpty()) {
            return;
        }
        if (left.inodeId() == Namespace.ROOT_ID) {
            way.push(left);
            return;
        }
        // The walk began here: only the inode knows what is above.
        if (live(left.inodeId()).content() instanceof StoredContent.Directory inode) {
            way.push(new Directory(inode.parentId(), live(inode.parentId()).access()));
        }
    }

    private Directory here() {
        return way.element();
    }

    private StoredInode live(long inodeId) throws MetaException {
        Optional<StoredInode> inode = namespace.inode(inodeId);
        if (inode.isEmpty() || inode.get().links() == 0) {
            throw Workplace.fault(Kind.NOT_FOUND, asked);
        }
        return inode.get();
    }
}
