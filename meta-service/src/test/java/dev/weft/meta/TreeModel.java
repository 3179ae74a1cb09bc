package dev.weft.meta;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest.Mode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file tree made of objects that point at each other, with the rules of POSIX about who may do what: slow, and easy to
 * believe. Operations throw why they are refused.
 */
final class TreeModel {
    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int SEARCH = 1;
    private static final int STICKY = 01000;
    private static final int SET_GROUP = 02000;
    private static final int LINKS_MAX = 40;

    /** The operation is refused. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        final Kind kind;

        Refused(Kind kind) {
            super(kind.name());
            this.kind = kind;
        }
    }

    /** What a name stands for. */
    static final class Node {
        final FileType type;
        final String target;
        int permissions;
        int owner;
        int group;
        int links = 1;
        final SortedMap<String, Node> children = new TreeMap<>();

        @Nullable
        Node parent;

        Node(FileType type, String target, int permissions, int owner, int group) {
            this.type = type;
            this.target = target;
            this.permissions = permissions;
            this.owner = owner;
            this.group = group;
        }

        boolean isDirectory() {
            return type == FileType.DIRECTORY;
        }

        int seenLinks() {
            return isDirectory()
                    ? 2
                            + (int) children.values().stream()
                                    .filter(Node::isDirectory)
                                    .count()
                    : links;
        }

        @Override
        public String toString() {
            return type + " " + Integer.toOctalString(permissions) + " " + owner + ":" + group + " x" + seenLinks()
                    + " " + target;
        }
    }

    /** Where a path leads: a name in a directory, of something or nothing; or only something, such as the root. */
    private record Spot(
            @Nullable Node parent, String name, @Nullable Node node) {
        Node existing() throws Refused {
            if (node == null) {
                throw new Refused(Kind.NOT_FOUND);
            }
            return node;
        }

        Node directory() throws Refused {
            if (parent == null) {
                throw new Refused(existing().parent == null ? Kind.BUSY : Kind.INVALID);
            }
            return parent;
        }
    }

    final Node root = new Node(FileType.DIRECTORY, "", 01777, 0, 0);

    void create(Credentials who, String path, boolean exclusive, boolean truncate, int permissions) throws Refused {
        Spot spot = find(who, path, !exclusive);
        Node there = spot.node();
        if (there == null) {
            add(who, spot, FileType.FILE, "", permissions);
            return;
        }
        refuseIf(exclusive, Kind.EXISTS);
        refuseIf(there.isDirectory(), Kind.IS_A_DIRECTORY);
        require(who, there, WRITE);
        if (truncate && !who.isRoot()) {
            clearSetId(there);
        }
    }

    /** Who changes a file's bytes or gives it away takes from it what it does as its owner. */
    private static void clearSetId(Node file) {
        file.permissions &= (file.permissions & 010) != 0 ? ~06000 : ~04000;
    }

    void mkdir(Credentials who, String path, int permissions) throws Refused {
        Spot spot = find(who, path, false);
        refuseIf(spot.node() != null, Kind.EXISTS);
        add(who, spot, FileType.DIRECTORY, "", permissions);
    }

    void symlink(Credentials who, String path, String target) throws Refused {
        Spot spot = find(who, path, false);
        refuseIf(spot.node() != null, Kind.EXISTS);
        add(who, spot, FileType.SYMLINK, target, 0777);
    }

    private static void add(Credentials who, Spot spot, FileType type, String target, int permissions) throws Refused {
        Node parent = spot.directory();
        require(who, parent, WRITE | SEARCH);
        boolean handsOn = (parent.permissions & SET_GROUP) != 0;
        int bits = permissions | (handsOn && type == FileType.DIRECTORY ? SET_GROUP : 0);
        attach(parent, spot.name(), new Node(type, target, bits, who.user(), handsOn ? parent.group : who.group()));
    }

    void link(Credentials who, String from, String to) throws Refused {
        Node node = find(who, from, false).existing();
        Spot spot = find(who, to, false);
        refuseIf(spot.node() != null, Kind.EXISTS);
        require(who, spot.directory(), WRITE | SEARCH);
        refuseIf(node.isDirectory(), Kind.NOT_PERMITTED);
        node.links++;
        attach(spot.directory(), spot.name(), node);
    }

    void remove(Credentials who, String path, RemoveRequest.Kind kind) throws Refused {
        Spot spot = find(who, path, false);
        Node node = spot.existing();
        Node parent = spot.directory();
        requireMayRemove(who, parent, node);
        switch (kind) {
            case UNLINK -> refuseIf(node.isDirectory(), Kind.IS_A_DIRECTORY);
            case RMDIR -> {
                refuseIf(!node.isDirectory(), Kind.NOT_A_DIRECTORY);
                refuseIf(!node.children.isEmpty(), Kind.NOT_EMPTY);
            }
            case RECURSIVE, TRASH -> requireMayRemoveTree(who, node);
        }
        parent.children.remove(spot.name());
        drop(node);
    }

    /** In the order in which the server looks, as its first refusal is the one that counts. */
    private static void requireMayRemoveTree(Credentials who, Node top) throws Refused {
        Deque<Node> directories = new ArrayDeque<>(List.of(top));
        while (!directories.isEmpty()) {
            Node node = directories.remove();
            if (node.children.isEmpty()) {
                continue;
            }
            require(who, node, READ | WRITE | SEARCH);
            for (Node child : node.children.values()) {
                requireNotSticky(who, node, child);
            }
            node.children.values().stream().filter(Node::isDirectory).forEach(directories::add);
        }
    }

    /** One name of it is gone, and with a directory those below. */
    private static void drop(Node node) {
        node.links--;
        node.children.values().forEach(TreeModel::drop);
    }

    void rename(Credentials who, String from, String to, Mode mode) throws Refused {
        Spot source = find(who, from, false);
        Node moved = source.existing();
        Spot target = find(who, to, false);
        Node sourceParent = source.directory();
        Node targetParent = target.directory();
        Node there = target.node();
        refuseIf(mode == Mode.NO_REPLACE && there != null, Kind.EXISTS);
        refuseIf(mode == Mode.EXCHANGE && there == null, Kind.NOT_FOUND);
        if (there == moved) {
            return;
        }
        refuseIf(isAtOrAbove(moved, targetParent), Kind.INVALID);
        requireMayRemove(who, sourceParent, moved);
        if (there == null) {
            require(who, targetParent, WRITE | SEARCH);
        } else if (mode == Mode.EXCHANGE) {
            refuseIf(isAtOrAbove(there, sourceParent), Kind.INVALID);
            requireMayRemove(who, targetParent, there);
            requireMayLeave(who, there, sourceParent);
        } else {
            requireMayRemove(who, targetParent, there);
            refuseIf(there.isDirectory() && !moved.isDirectory(), Kind.IS_A_DIRECTORY);
            refuseIf(!there.isDirectory() && moved.isDirectory(), Kind.NOT_A_DIRECTORY);
            refuseIf(!there.children.isEmpty(), Kind.NOT_EMPTY);
        }
        requireMayLeave(who, moved, targetParent);
        sourceParent.children.remove(source.name());
        if (mode == Mode.EXCHANGE && there != null) {
            attach(sourceParent, source.name(), there);
        } else if (there != null) {
            drop(there);
        }
        attach(targetParent, target.name(), moved);
    }

    private static void requireMayLeave(Credentials who, Node node, Node newParent) throws Refused {
        if (node.isDirectory() && node.parent != newParent) {
            require(who, node, WRITE);
        }
    }

    private static boolean isAtOrAbove(Node node, Node directory) {
        for (Node at = directory; at != null; at = at.parent) {
            if (at == node) {
                return true;
            }
        }
        return false;
    }

    void chmod(Credentials who, String path, int permissions) throws Refused {
        Node node = find(who, path, true).existing();
        refuseIf(!owns(who, node), Kind.NOT_PERMITTED);
        boolean foreign = !who.isRoot() && !who.isIn(node.group);
        node.permissions = foreign ? permissions & ~SET_GROUP : permissions;
    }

    void chown(Credentials who, String path, int owner, int group) throws Refused {
        Node node = find(who, path, true).existing();
        refuseIf(!owns(who, node), Kind.NOT_PERMITTED);
        boolean given = owner != node.owner || (group != node.group && !who.isIn(group));
        refuseIf(given && !who.isRoot(), Kind.NOT_PERMITTED);
        node.owner = owner;
        node.group = group;
        if (!node.isDirectory()) {
            clearSetId(node);
        }
    }

    Node stat(Credentials who, String path, boolean follow) throws Refused {
        return find(who, path, follow).existing();
    }

    List<String> list(Credentials who, String path) throws Refused {
        Node node = find(who, path, true).existing();
        refuseIf(!node.isDirectory(), Kind.NOT_A_DIRECTORY);
        require(who, node, READ);
        return List.copyOf(node.children.keySet());
    }

    /** All paths without links on the way, with what is there. */
    SortedMap<String, String> describe() {
        SortedMap<String, String> found = new TreeMap<>();
        describe("", root, found);
        return found;
    }

    private static void describe(String path, Node node, SortedMap<String, String> found) {
        found.put(path, node.toString());
        node.children.forEach((name, child) -> describe(path + "/" + name, child, found));
    }

    private Spot find(Credentials who, String path, boolean follow) throws Refused {
        Deque<String> names = new ArrayDeque<>(split(path));
        Node here = root;
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.pop();
            require(who, here, SEARCH);
            if (name.equals("..")) {
                here = here.parent == null ? here : here.parent;
                continue;
            }
            boolean last = names.isEmpty();
            Node next = here.children.get(name);
            if (next != null && next.type == FileType.SYMLINK && (!last || follow)) {
                links++;
                refuseIf(links > LINKS_MAX, Kind.LINK_LOOP);
                here = next.target.startsWith("/") ? root : here;
                split(next.target).reversed().forEach(names::push);
                continue;
            }
            if (last) {
                return new Spot(here, name, next);
            }
            refuseIf(next == null, Kind.NOT_FOUND);
            if (next == null || !next.isDirectory()) {
                throw new Refused(Kind.NOT_A_DIRECTORY);
            }
            here = next;
        }
        return new Spot(null, "", here);
    }

    private static List<String> split(String path) {
        List<String> names = new ArrayList<>(List.of(path.split("/")));
        names.removeIf(String::isEmpty);
        return names;
    }

    private static void attach(Node parent, String name, Node node) {
        parent.children.put(name, node);
        if (node.isDirectory()) {
            node.parent = parent;
        }
    }

    private static boolean owns(Credentials who, Node node) {
        return who.isRoot() || who.user() == node.owner;
    }

    private static void require(Credentials who, Node node, int rights) throws Refused {
        int shift = who.user() == node.owner ? 6 : who.isIn(node.group) ? 3 : 0;
        refuseIf(!who.isRoot() && (node.permissions >> shift & rights) != rights, Kind.ACCESS_DENIED);
    }

    private static void requireMayRemove(Credentials who, Node parent, Node node) throws Refused {
        require(who, parent, WRITE | SEARCH);
        requireNotSticky(who, parent, node);
    }

    private static void requireNotSticky(Credentials who, Node parent, Node node) throws Refused {
        boolean sticky = (parent.permissions & STICKY) != 0;
        refuseIf(sticky && !owns(who, parent) && !owns(who, node), Kind.NOT_PERMITTED);
    }

    private static void refuseIf(boolean condition, Kind kind) throws Refused {
        if (condition) {
            throw new Refused(kind);
        }
    }
}
