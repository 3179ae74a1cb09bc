package dev.weft.bench.storage;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run prints. */
final class Report {
    private final StringBuilder text;

    Report(String command) {
        this.text = new StringBuilder(command.strip()).append("\n\n");
    }

    void line(String line) {
        text.append(line).append('\n');
    }

    @FormatMethod
    void row(@FormatString String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** What two sides measured, round by round. */
    static final class Ratios {
        private final List<Double> values = new ArrayList<>();

        double add(double ratio) {
            values.add(ratio);
            return ratio;
        }

        double median() {
            return values.stream().sorted().toList().get(values.size() / 2);
        }
    }
}
