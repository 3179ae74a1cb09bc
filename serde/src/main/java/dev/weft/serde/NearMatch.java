package dev.weft.serde;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/** Finds what somebody may have meant. */
final class NearMatch {
    private NearMatch() {}

    /** A question that names the nearest of what is known, or else all of it. */
    static String suggestion(String given, String... known) {
        if (known.length == 0) {
            return "; there is none";
        }
        String nearest = Arrays.stream(known)
                .min(Comparator.comparingInt(each -> distance(given, each)))
                .orElseThrow();
        return distance(given, nearest) <= 1 + nearest.length() / 3
                ? "; did you mean \"" + nearest + "\"?"
                : "; known are " + String.join(", ", known);
    }

    /** Levenshtein distance, without regard to case. */
    private static int distance(String a, String b) {
        String from = a.toLowerCase(Locale.ROOT);
        String to = b.toLowerCase(Locale.ROOT);
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
