package dev.weft.serde.processor;

import java.util.ArrayList;
import java.util.List;

/** Breaks a line of generated source that is too long: at an assignment's conditional, or between arguments. */
final class LongLine {
    private static final int COLUMNS_MAX = 120;
    private static final String CONTINUATION = "        ";

    private LongLine() {}

    static String wrapped(String indent, String line) {
        if (indent.length() + line.length() <= COLUMNS_MAX) {
            return indent + line;
        }
        String inner = indent + CONTINUATION;
        String code = withoutLiterals(line);
        int condition = code.indexOf(" ? ");
        int otherwise = code.lastIndexOf(" : ");
        if (condition > 0 && otherwise > condition) {
            return indent + line.substring(0, condition) + "\n" + inner + line.substring(condition + 1, otherwise)
                    + "\n" + inner + line.substring(otherwise + 1);
        }
        int open = code.indexOf('(');
        int close = code.lastIndexOf(')');
        if (open < 0 || close < open) {
            return indent + line;
        }
        String arguments = String.join(",\n" + inner, topLevelParts(line.substring(open + 1, close)));
        return indent + line.substring(0, open + 1) + "\n" + inner + arguments + line.substring(close);
    }

    /** The line with all characters of string literals replaced, at the same positions. */
    private static String withoutLiterals(String line) {
        StringBuilder code = new StringBuilder(line);
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                code.setCharAt(i, 'x');
                if (c == '\\') {
                    i++;
                    code.setCharAt(i, 'x');
                }
            }
        }
        return code.toString();
    }

    /** The parts between commas that stand in no bracket of any kind. */
    private static List<String> topLevelParts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        String code = withoutLiterals(text);
        for (int i = 0; i < code.length(); i++) {
            switch (code.charAt(i)) {
                case '(', '<', '{' -> depth++;
                case ')', '}' -> depth--;
                case '>' -> depth -= code.charAt(i - 1) == '-' ? 0 : 1;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(text.substring(begin, i).strip());
                        begin = i + 1;
                    }
                }
                default -> {}
            }
        }
        parts.add(text.substring(begin).strip());
        return parts;
    }
}
