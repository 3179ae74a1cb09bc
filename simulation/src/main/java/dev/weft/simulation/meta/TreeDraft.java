package dev.weft.simulation.meta;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest.Mode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tree while one operation changes it, with the rules of POSIX for root. */
final class TreeDraft {
    static final int ROOT = 0;
    private static final int NONE = -1;
    private static final int LINKS_MAX = 40;

    /** The operation is refused. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        final Kind kind;

        Refused(Kind kind) {
            super(kind.name(), null, false, false);
            this.kind = kind;
        }
    }

    /** Where a path leads: a name in a directory, of something or nothing; or only something, such as the root. */
    private record Spot(int parent, String name, int node) {
        boolean exists() {
            return node != NONE;
        }

        int existing() throws Refused {
            refuseIf(node == NONE, Kind.NOT_FOUND);
            return node;
        }
    }

    private final SortedMap<Integer, TreeNode> nodes;

    TreeDraft(SortedMap<Integer, TreeNode> nodes) {
        this.nodes = new TreeMap<>(nodes);
    }

    SortedMap<Integer, TreeNode> nodes() {
        return nodes;
    }

    TreeNode node(int id) {
        TreeNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalStateException("a name stands for node " + id + ", which is not there");
        }
        return node;
    }

    /** @param id of what is made */
    int make(String path, int id, TreeNode made) throws Refused {
        Spot spot = find(path, false);
        refuseIf(spot.exists(), Kind.EXISTS);
        return add(spot, id, made);
    }

    int create(String path, boolean exclusive, int id, TreeNode made) throws Refused {
        Spot spot = find(path, !exclusive);
        if (!spot.exists()) {
            return add(spot, id, made);
        }
        refuseIf(exclusive, Kind.EXISTS);
        refuseIf(node(spot.node()).isDirectory(), Kind.IS_A_DIRECTORY);
        return spot.node();
    }

    private int add(Spot spot, int id, TreeNode made) throws Refused {
        int parent = directory(spot);
        nodes.put(id, made);
        attach(parent, spot.name(), id);
        return id;
    }

    int open(String path) throws Refused {
        int id = stat(path, true);
        refuseIf(node(id).isDirectory(), Kind.IS_A_DIRECTORY);
        return id;
    }

    int link(String from, String to) throws Refused {
        int id = find(from, false).existing();
        Spot spot = find(to, false);
        refuseIf(spot.exists(), Kind.EXISTS);
        int parent = directory(spot);
        refuseIf(node(id).isDirectory(), Kind.NOT_PERMITTED);
        nodes.put(id, node(id).withLinks(node(id).links() + 1));
        attach(parent, spot.name(), id);
        return id;
    }

    void remove(String path, RemoveRequest.Kind kind) throws Refused {
        Spot spot = find(path, false);
        TreeNode node = node(spot.existing());
        int parent = directory(spot);
        if (kind == RemoveRequest.Kind.UNLINK) {
            refuseIf(node.isDirectory(), Kind.IS_A_DIRECTORY);
        } else {
            refuseIf(!node.isDirectory(), Kind.NOT_A_DIRECTORY);
            refuseIf(!node.children().isEmpty(), Kind.NOT_EMPTY);
        }
        nodes.put(parent, node(parent).without(spot.name()));
        drop(spot.node());
    }

    void rename(String from, String to, Mode mode) throws Refused {
        Spot source = find(from, false);
        int moved = source.existing();
        Spot target = find(to, false);
        int sourceParent = directory(source);
        int targetParent = directory(target);
        int there = target.node();
        refuseIf(mode == Mode.NO_REPLACE && target.exists(), Kind.EXISTS);
        refuseIf(mode == Mode.EXCHANGE && !target.exists(), Kind.NOT_FOUND);
        if (there == moved) {
            return;
        }
        refuseIf(isAtOrAbove(moved, targetParent), Kind.INVALID);
        if (target.exists() && mode == Mode.EXCHANGE) {
            refuseIf(isAtOrAbove(there, sourceParent), Kind.INVALID);
        } else if (target.exists()) {
            refuseIf(node(there).isDirectory() && !node(moved).isDirectory(), Kind.IS_A_DIRECTORY);
            refuseIf(!node(there).isDirectory() && node(moved).isDirectory(), Kind.NOT_A_DIRECTORY);
            refuseIf(!node(there).children().isEmpty(), Kind.NOT_EMPTY);
        }
        nodes.put(sourceParent, node(sourceParent).without(source.name()));
        if (target.exists() && mode == Mode.EXCHANGE) {
            attach(sourceParent, source.name(), there);
        } else if (target.exists()) {
            drop(there);
        }
        attach(targetParent, target.name(), moved);
    }

    int chmod(String path, int permissions) throws Refused {
        int id = stat(path, true);
        nodes.put(id, node(id).withPermissions(permissions));
        return id;
    }

    int stat(String path, boolean follow) throws Refused {
        return find(path, follow).existing();
    }

    TreeNode list(String path) throws Refused {
        TreeNode node = node(stat(path, true));
        refuseIf(!node.isDirectory(), Kind.NOT_A_DIRECTORY);
        return node;
    }

    /** Which node an inode is; null if none, as far as anybody was told. */
    @Nullable
    Integer find(long inodeId) {
        return nodes.entrySet().stream()
                .filter(node -> node.getValue().inodeId() == inodeId)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** One name of it is gone. */
    private void drop(int id) {
        TreeNode node = node(id);
        if (node.links() == 1) {
            nodes.remove(id);
        } else {
            nodes.put(id, node.withLinks(node.links() - 1));
        }
    }

    private void attach(int parent, String name, int id) {
        nodes.put(parent, node(parent).with(name, id));
        if (node(id).isDirectory()) {
            nodes.put(id, node(id).withParent(parent));
        }
    }

    private boolean isAtOrAbove(int id, int directory) {
        for (int at = directory; at != ROOT; at = node(at).parent()) {
            if (at == id) {
                return true;
            }
        }
        return id == ROOT;
    }

    private static int directory(Spot spot) throws Refused {
        refuseIf(spot.parent() == NONE, spot.node() == ROOT ? Kind.BUSY : Kind.INVALID);
        return spot.parent();
    }

    private Spot find(String path, boolean follow) throws Refused {
        Deque<String> names = new ArrayDeque<>(split(path));
        int here = ROOT;
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.pop();
            if (name.equals("..")) {
                here = node(here).parent();
                continue;
            }
            boolean last = names.isEmpty();
            Integer next = node(here).children().get(name);
            if (next != null && node(next).type() == FileType.SYMLINK && (!last || follow)) {
                links++;
                refuseIf(links > LINKS_MAX, Kind.LINK_LOOP);
                String target = node(next).target();
                here = target.startsWith("/") ? ROOT : here;
                split(target).reversed().forEach(names::push);
                continue;
            }
            if (last) {
                return new Spot(here, name, next == null ? NONE : next);
            }
            if (next == null) {
                throw new Refused(Kind.NOT_FOUND);
            }
            refuseIf(!node(next).isDirectory(), Kind.NOT_A_DIRECTORY);
            here = next;
        }
        return new Spot(NONE, "", here);
    }

    private static List<String> split(String path) {
        List<String> names = new ArrayList<>(List.of(path.split("/")));
        names.removeIf(String::isEmpty);
        return names;
    }

    private static void refuseIf(boolean condition, Kind kind) throws Refused {
        if (condition) {
            throw new Refused(kind);
        }
    }
}
