package dev.weft.bench.tree;

import java.util.Locale;

/**
 * What one phase came to.
 *
 * @param perSecond operations, all clients together
 * @param p50Micros half of the operations took no longer
 * @param p99Micros ninety-nine of a hundred took no longer
 */
public record PhaseResult(Phase phase, double perSecond, double p50Micros, double p99Micros) {
    /** One line, for {@link #parse}. */
    public String line() {
        return String.format(Locale.ROOT, "%s %.1f %.1f %.1f", phase, perSecond, p50Micros, p99Micros);
    }

    /**
     * Reads what {@link #line} says.
     *
     * @throws IllegalArgumentException if the line is not such a one
     */
    public static PhaseResult parse(String line) {
        String[] fields = line.split(" ", -1);
        if (fields.length != 4) {
            throw new IllegalArgumentException("'" + line + "' is no result of a phase");
        }
        return new PhaseResult(
                Phase.valueOf(fields[0]),
                Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3]));
    }
}
