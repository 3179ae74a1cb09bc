package dev.weft.meta.schema;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault;
import dev.weft.api.meta.MetaFault.Kind;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A path, checked. Slashes in a row count as one; {@code .} is left out except at the end, where it says that the path
 * names a directory itself and not a name in one.
 *
 * @param directory whether it ends in a slash, and so must lead to a directory
 */
public record MetaPath(boolean absolute, List<String> names, boolean directory) {
    public static final int NAME_BYTES_MAX = 255;
    public static final int DEPTH_MAX = 128;

    /** Refuses what is not a path with the reason; the limits hold before anything is looked up. */
    public static MetaPath parse(String text) throws MetaException {
        if (text.length() > DEPTH_MAX * (NAME_BYTES_MAX + 1)) {
            throw fault(Kind.NAME_TOO_LONG, "path of " + text.length() + " characters");
        }
        String[] parts = text.split("/", -1);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (!parts[i].isEmpty() && (last || !parts[i].equals("."))) {
                checkName(parts[i]);
                names.add(parts[i]);
            }
        }
        if (names.size() > DEPTH_MAX) {
            throw fault(Kind.NAME_TOO_LONG, "path of " + names.size() + " names, at most " + DEPTH_MAX);
        }
        return new MetaPath(text.startsWith("/"), List.copyOf(names), text.endsWith("/"));
    }

    private static void checkName(String name) throws MetaException {
        if (name.indexOf('\0') >= 0) {
            throw fault(Kind.INVALID, "name '" + name.replace("\0", "\\0") + "' has a zero character");
        }
        int bytes = utf8Length(name);
        if (bytes > NAME_BYTES_MAX) {
            throw fault(Kind.NAME_TOO_LONG, "name of " + bytes + " bytes, at most " + NAME_BYTES_MAX);
        }
    }

    /** Length of a text that is valid Unicode. */
    public static int utf8Length(String text) throws MetaException {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw fault(Kind.INVALID, "a name is not valid Unicode");
        }
    }

    static MetaException fault(Kind kind, String message) {
        return new MetaException(new MetaFault(kind, message));
    }
}
