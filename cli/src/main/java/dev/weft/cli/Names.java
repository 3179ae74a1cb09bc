package dev.weft.cli;

import java.util.Locale;

/** Names of constants, as people read them. */
final class Names {
    private Names() {}

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
