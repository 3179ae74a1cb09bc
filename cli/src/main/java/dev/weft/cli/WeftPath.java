package dev.weft.cli;

/** Paths in the cluster: absolute, separated by slashes. */
final class WeftPath {
    private WeftPath() {}

    /** Makes a path absolute and plain: {@code a//b/} is {@code /a/b}. */
    static String of(String text) {
        StringBuilder path = new StringBuilder();
        for (String name : text.split("/", -1)) {
            if (name.equals("..")) {
                throw new UsageException("path '" + text + "' has '..' in it; write the path without");
            }
            if (!name.isEmpty() && !name.equals(".")) {
                path.append('/').append(name);
            }
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    static String child(String folder, String name) {
        return folder.equals("/") ? "/" + name : folder + "/" + name;
    }

    /** The last name of any path, as a path of its own. */
    static String last(String text) {
        return "/" + name(text.replaceFirst("/+$", ""));
    }

    /** The last name; empty for the root. */
    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
