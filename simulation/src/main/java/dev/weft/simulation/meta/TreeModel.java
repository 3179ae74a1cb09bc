package dev.weft.simulation.meta;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.simulation.Linearizability;
import dev.weft.simulation.meta.TreeHistory.Entry;
import dev.weft.simulation.meta.TreeOperation.Answer;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tree at a time. Each of its nodes is known by the number of the operation that made it; which inode the servers have
 * made of it shows in their answers, and has to be the same in all.
 */
final class TreeModel implements Linearizability.State<Entry, TreeModel> {
    static final int DIRECTORY_BITS = 0755;
    static final int FILE_BITS = 0644;
    private static final int LINK_BITS = 0777;
    private static final int ROOT_BITS = 01777;

    static final TreeModel EMPTY = new TreeModel(new TreeMap<>(Map.of(
            TreeDraft.ROOT, TreeNode.of(FileType.DIRECTORY, ROOT_BITS, "").withInodeId(1))));

    /** By the operation that made them; not changed. */
    private final SortedMap<Integer, TreeNode> nodes;

    private final long fingerprint;

    private TreeModel(SortedMap<Integer, TreeNode> nodes) {
        this.nodes = nodes;
        long hash = 1;
        for (Map.Entry<Integer, TreeNode> node : nodes.entrySet()) {
            hash = TreeNode.mix(
                    TreeNode.mix(hash, node.getKey()), node.getValue().fingerprint());
        }
        fingerprint = hash;
    }

    @Override
    public long fingerprint() {
        return fingerprint;
    }

    @Override
    public @Nullable TreeModel after(Entry entry) {
        TreeDraft draft = new TreeDraft(nodes);
        boolean fits;
        try {
            fits = apply(draft, entry);
        } catch (TreeDraft.Refused e) {
            // Of an unknown outcome nothing is lost by not trying what changes nothing.
            return entry.answer instanceof Answer.Refused(Kind kind) && kind == e.kind ? this : null;
        }
        return fits ? new TreeModel(Collections.unmodifiableSortedMap(draft.nodes())) : null;
    }

    /** Whether the operation, which is not refused, can have been answered as it was. */
    private static boolean apply(TreeDraft draft, Entry entry) throws TreeDraft.Refused {
        Answer answer = entry.answer;
        return switch (entry.operation) {
            case TreeOperation.Mkdir(String path) ->
                sees(
                        draft,
                        draft.make(path, entry.number, TreeNode.of(FileType.DIRECTORY, DIRECTORY_BITS, "")),
                        answer);
            case TreeOperation.Create(String path, boolean exclusive) -> {
                TreeNode made = TreeNode.of(FileType.FILE, FILE_BITS, "");
                yield sees(draft, draft.create(path, exclusive, entry.number, made), answer);
            }
            case TreeOperation.Symlink(String path, String target) ->
                sees(draft, draft.make(path, entry.number, TreeNode.of(FileType.SYMLINK, LINK_BITS, target)), answer);
            case TreeOperation.Link(String from, String to) -> sees(draft, draft.link(from, to), answer);
            case TreeOperation.Rename(String from, String to, var mode) -> {
                draft.rename(from, to, mode);
                yield isDone(answer);
            }
            case TreeOperation.Remove(String path, var kind) -> {
                draft.remove(path, kind);
                yield isDone(answer);
            }
            case TreeOperation.Chmod(String path, int bits) -> sees(draft, draft.chmod(path, bits), answer);
            case TreeOperation.Open(String path) -> sees(draft, draft.open(path), answer);
            case TreeOperation.Close(long inodeId, long end) -> close(draft, inodeId, end, answer);
            case TreeOperation.Stat(String path, boolean follow) -> sees(draft, draft.stat(path, follow), answer);
            case TreeOperation.List(String path) -> lists(draft, draft.list(path), answer);
        };
    }

    /**
     * Sessions are not in the model, but what follows for a close that is repeated as its answer was lost: it is answered
     * by what is there then, which may be a longer file, or none if the file was removed since it was closed.
     */
    private static boolean close(TreeDraft draft, long inodeId, long end, @Nullable Answer answer) {
        Integer id = draft.find(inodeId);
        if (id == null) {
            return true;
        }
        TreeNode file = draft.node(id);
        draft.nodes().put(id, file.withLength(Math.max(file.length(), end)));
        return switch (answer) {
            case Answer.Seen(Inode inode) -> inode.length() >= end;
            case Answer.Refused(Kind kind) -> kind == Kind.NOT_FOUND;
            case null -> true;
            default -> false;
        };
    }

    private static boolean isDone(@Nullable Answer answer) {
        return answer == null || answer instanceof Answer.Done;
    }

    private static boolean sees(TreeDraft draft, int id, @Nullable Answer answer) {
        return answer == null || (answer instanceof Answer.Seen(Inode inode) && sees(draft, id, inode));
    }

    private static boolean sees(TreeDraft draft, int id, Inode inode) {
        TreeNode node = draft.node(id);
        if (node.inodeId() == 0) {
            if (draft.find(inode.inodeId()) != null) {
                return false;
            }
            draft.nodes().put(id, node.withInodeId(inode.inodeId()));
        } else if (node.inodeId() != inode.inodeId()) {
            return false;
        }
        return inode.type() == node.type()
                && inode.permissions() == node.permissions()
                && inode.links() == links(draft, node)
                && inode.length() == node.length()
                && inode.target().orElse("").equals(node.target());
    }

    private static int links(TreeDraft draft, TreeNode node) {
        return node.isDirectory()
                ? 2
                        + (int) node.children().values().stream()
                                .filter(child -> draft.node(child).isDirectory())
                                .count()
                : node.links();
    }

    private static boolean lists(TreeDraft draft, TreeNode directory, @Nullable Answer answer) {
        if (!(answer instanceof Answer.Listed(var entries))) {
            return answer == null;
        }
        if (entries.size() != directory.children().size()) {
            return false;
        }
        Iterator<DirectoryEntry> listed = entries.iterator();
        for (Map.Entry<String, Integer> child : directory.children().entrySet()) {
            DirectoryEntry entry = listed.next();
            if (!entry.name().equals(child.getKey()) || !sees(draft, child.getValue(), entry.inode())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        describe("/", TreeDraft.ROOT, text);
        return text.toString();
    }

    private void describe(String path, int id, StringBuilder text) {
        TreeNode node = new TreeDraft(nodes).node(id);
        text.append(String.format(
                "%n  %s: node %d, inode %d, %s %o, %d bytes %s",
                path, id, node.inodeId(), node.type(), node.permissions(), node.length(), node.target()));
        node.children().forEach((name, child) -> describe(path + name + (id == child ? "" : "/"), child, text));
    }
}
