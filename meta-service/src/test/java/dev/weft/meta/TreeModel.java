package dev.weft.meta;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RemoveRequest;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A file tree as a map from paths to types: slow, and easy to believe. Each operation returns why it is refused. */
final class TreeModel {
    final SortedMap<String, FileType> nodes = new TreeMap<>();

    Optional<Kind> create(String path) {
        return add(path, FileType.FILE);
    }

    Optional<Kind> mkdir(String path) {
        return add(path, FileType.DIRECTORY);
    }

    private Optional<Kind> add(String path, FileType type) {
        Optional<Kind> unreachable = checkParents(path);
        if (unreachable.isPresent()) {
            return unreachable;
        }
        if (nodes.containsKey(path)) {
            return Optional.of(Kind.EXISTS);
        }
        nodes.put(path, type);
        return Optional.empty();
    }

    Optional<Kind> remove(String path, RemoveRequest.Kind kind) {
        Optional<Kind> missing = checkExists(path);
        if (missing.isPresent()) {
            return missing;
        }
        boolean directory = nodes.get(path) == FileType.DIRECTORY;
        Optional<Kind> refused = switch (kind) {
            case UNLINK -> directory ? Optional.of(Kind.IS_A_DIRECTORY) : Optional.empty();
            case RMDIR ->
                !directory
                        ? Optional.of(Kind.NOT_A_DIRECTORY)
                        : below(path).isEmpty() ? Optional.empty() : Optional.of(Kind.NOT_EMPTY);
            case RECURSIVE -> Optional.empty();
        };
        if (refused.isEmpty()) {
            below(path).clear();
            nodes.remove(path);
        }
        return refused;
    }

    Optional<Kind> rename(String from, String to) {
        Optional<Kind> missing = checkExists(from).or(() -> checkParents(to));
        if (missing.isPresent()) {
            return missing;
        }
        if (to.startsWith(from + "/")) {
            return Optional.of(Kind.INVALID);
        }
        if (from.equals(to)) {
            return Optional.empty();
        }
        FileType moved = nodes.get(from);
        FileType replaced = nodes.get(to);
        if (replaced == FileType.DIRECTORY && moved == FileType.FILE) {
            return Optional.of(Kind.IS_A_DIRECTORY);
        }
        if (replaced == FileType.DIRECTORY && !below(to).isEmpty()) {
            return Optional.of(Kind.NOT_EMPTY);
        }
        if (replaced == FileType.FILE && moved == FileType.DIRECTORY) {
            return Optional.of(Kind.NOT_A_DIRECTORY);
        }
        SortedMap<String, FileType> tree = new TreeMap<>(below(from));
        below(from).clear();
        nodes.remove(from);
        nodes.put(to, moved);
        tree.forEach((path, type) -> nodes.put(to + path.substring(from.length()), type));
        return Optional.empty();
    }

    private SortedMap<String, FileType> below(String path) {
        return nodes.subMap(path + "/", path + "0");
    }

    private Optional<Kind> checkExists(String path) {
        return checkParents(path).or(() -> nodes.containsKey(path) ? Optional.empty() : Optional.of(Kind.NOT_FOUND));
    }

    private Optional<Kind> checkParents(String path) {
        for (int end = path.indexOf('/', 1); end >= 0; end = path.indexOf('/', end + 1)) {
            FileType type = nodes.get(path.substring(0, end));
            if (type != FileType.DIRECTORY) {
                return Optional.of(type == null ? Kind.NOT_FOUND : Kind.NOT_A_DIRECTORY);
            }
        }
        return Optional.empty();
    }
}
