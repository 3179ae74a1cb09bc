package dev.weft.meta.schema;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault;
import dev.weft.api.meta.MetaFault.Kind;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An absolute path, checked. {@code /} has no names; no name is empty, {@code .} or {@code ..}, since what those mean is
 * the caller's to decide before it asks.
 */
public record MetaPath(List<String> names) {
    public static final int NAME_BYTES_MAX = 255;
    public static final int DEPTH_MAX = 128;

    /** Refuses what is not a path with the reason; the limits hold before anything is looked up. */
    public static MetaPath parse(String text) throws MetaException {
        if (text.length() > DEPTH_MAX * (NAME_BYTES_MAX + 1)) {
            throw fault(Kind.NAME_TOO_LONG, "path of " + text.length() + " characters");
        }
        if (!text.startsWith("/")) {
            throw fault(Kind.INVALID, "path '" + text + "' does not begin with /");
        }
        if (text.length() == 1) {
            return new MetaPath(List.of());
        }
        List<String> names = List.of(text.substring(1).split("/", -1));
        if (names.size() > DEPTH_MAX) {
            throw fault(Kind.NAME_TOO_LONG, "path of " + names.size() + " names, at most " + DEPTH_MAX);
        }
        for (String name : names) {
            checkName(name, text);
        }
        return new MetaPath(names);
    }

    private static void checkName(String name, String path) throws MetaException {
        if (name.isEmpty()) {
            throw fault(Kind.INVALID, "path '" + path + "' has an empty name");
        }
        if (name.equals(".") || name.equals("..")) {
            throw fault(Kind.INVALID, "path '" + path + "' has the name " + name);
        }
        if (name.indexOf('\0') >= 0) {
            throw fault(Kind.INVALID, "path '" + path.replace("\0", "\\0") + "' has a zero character");
        }
        try {
            int bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(name))
                    .remaining();
            if (bytes > NAME_BYTES_MAX) {
                throw fault(Kind.NAME_TOO_LONG, "name of " + bytes + " bytes, at most " + NAME_BYTES_MAX);
            }
        } catch (CharacterCodingException e) {
            throw fault(Kind.INVALID, "a name is not valid Unicode");
        }
    }

    public boolean isRoot() {
        return names.isEmpty();
    }

    /** The last name; the path is not the root. */
    public String name() {
        return names.getLast();
    }

    /** The path without its last name; the path is not the root. */
    public MetaPath parent() {
        return new MetaPath(names.subList(0, names.size() - 1));
    }

    static MetaException fault(Kind kind, String message) {
        return new MetaException(new MetaFault(kind, message));
    }

    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }
}
