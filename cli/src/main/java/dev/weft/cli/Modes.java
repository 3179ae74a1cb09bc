package dev.weft.cli;

import dev.weft.api.meta.FileType;

/** Permission bits, as people read and write them. */
final class Modes {
    private static final int MAX = 07777;
    private static final String LETTERS = "rwxrwxrwx";

    private Modes() {}

    static String octal(int permissions) {
        return String.format("%04o", permissions);
    }

    static int parse(String octal) {
        try {
            int permissions = Integer.parseInt(octal, 8);
            if (permissions >= 0 && permissions <= MAX) {
                return permissions;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new UsageException("permissions '" + octal + "' are not an octal number up to 7777");
    }

    /** As {@code ls -l} shows it, such as {@code drwxr-xr-t}. */
    static String text(FileType type, int permissions) {
        StringBuilder text = new StringBuilder();
        text.append(
                switch (type) {
                    case FILE -> '-';
                    case DIRECTORY -> 'd';
                    case SYMLINK -> 'l';
                });
        for (int i = 0; i < LETTERS.length(); i++) {
            boolean set = (permissions & 0400 >> i) != 0;
            text.append(set ? LETTERS.charAt(i) : '-');
        }
        mark(text, 3, (permissions & 04000) != 0, 's');
        mark(text, 6, (permissions & 02000) != 0, 's');
        mark(text, 9, (permissions & 01000) != 0, 't');
        return text.toString();
    }

    private static void mark(StringBuilder text, int at, boolean set, char letter) {
        if (set) {
            text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
        }
    }
}
