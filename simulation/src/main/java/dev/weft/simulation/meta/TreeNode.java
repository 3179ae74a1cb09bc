package dev.weft.simulation.meta;

import dev.weft.api.meta.FileType;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a name of a {@link TreeModel} stands for.
 *
 * @param inodeId 0 while nobody has been told it
 * @param links of a file or a symbolic link
 * @param target of a symbolic link
 * @param parent of a directory
 * @param children of a directory: names, and which nodes they stand for
 */
record TreeNode(
        FileType type,
        long inodeId,
        int permissions,
        int links,
        long length,
        String target,
        int parent,
        SortedMap<String, Integer> children) {
    static TreeNode of(FileType type, int permissions, String target) {
        long length = target.getBytes(StandardCharsets.UTF_8).length;
        return new TreeNode(type, 0, permissions, 1, length, target, 0, new TreeMap<>());
    }

    boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    TreeNode withInodeId(long id) {
        return new TreeNode(type, id, permissions, links, length, target, parent, children);
    }

    TreeNode withPermissions(int bits) {
        return new TreeNode(type, inodeId, bits, links, length, target, parent, children);
    }

    TreeNode withLinks(int number) {
        return new TreeNode(type, inodeId, permissions, number, length, target, parent, children);
    }

    TreeNode withLength(long bytes) {
        return new TreeNode(type, inodeId, permissions, links, bytes, target, parent, children);
    }

    TreeNode withParent(int directory) {
        return new TreeNode(type, inodeId, permissions, links, length, target, directory, children);
    }

    TreeNode with(String name, int node) {
        SortedMap<String, Integer> more = new TreeMap<>(children);
        more.put(name, node);
        return new TreeNode(type, inodeId, permissions, links, length, target, parent, more);
    }

    TreeNode without(String name) {
        SortedMap<String, Integer> less = new TreeMap<>(children);
        less.remove(name);
        return new TreeNode(type, inodeId, permissions, links, length, target, parent, less);
    }

    long fingerprint() {
        long hash = type.name().hashCode();
        hash = mix(hash, inodeId);
        hash = mix(hash, permissions);
        hash = mix(hash, links);
        hash = mix(hash, length);
        hash = mix(hash, target.hashCode());
        hash = mix(hash, parent);
        for (var child : children.entrySet()) {
            hash = mix(mix(hash, child.getKey().hashCode()), child.getValue());
        }
        return hash;
    }

    static long mix(long hash, long next) {
        long mixed = (hash ^ next) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }
}
