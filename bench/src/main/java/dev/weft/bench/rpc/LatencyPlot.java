package dev.weft.bench.rpc;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Latency by percentile, both logarithmic, as SVG. */
final class LatencyPlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 320;
    private static final int LEFT = 60;
    private static final int BOTTOM = 30;
    private static final List<String> COLOURS =
            List.of("#d62728", "#1f77b4", "#17becf", "#2ca02c", "#9467bd", "#8c564b", "#ff7f0e", "#7f7f7f");

    /** From 0 to 99.99 %, in nines. */
    private static final double NINES_MAX = 4;

    private static final double MICROS_MIN = 5;
    private static final double MICROS_MAX = 1_000_000;

    private LatencyPlot() {}

    static String svg(Map<String, Histogram> curves) {
        StringBuilder out = new StringBuilder(
                "<svg width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" font-size=\"12\" font-family=\"sans-serif\">");
        for (double micros = 10; micros <= MICROS_MAX; micros *= 10) {
            String label = micros < 1000 ? (int) micros + " us" : (int) (micros / 1000) + " ms";
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"4\" y=\"%.1f\">%s</text>",
                    LEFT,
                    WIDTH - 150,
                    y(micros),
                    y(micros),
                    y(micros) + 4,
                    label));
        }
        String[] labels = {"0 %", "90 %", "99 %", "99.9 %", "99.99 %"};
        for (int nines = 0; nines <= NINES_MAX; nines++) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(nines),
                    HEIGHT - 8,
                    labels[nines]));
        }
        int index = 0;
        for (Map.Entry<String, Histogram> curve : curves.entrySet()) {
            String colour = COLOURS.get(index % COLOURS.size());
            out.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                    .append(colour)
                    .append("\" points=\"");
            for (double nines = 0; nines <= NINES_MAX; nines += 0.05) {
                double percentile = 100 * (1 - Math.pow(10, -nines));
                double micros = curve.getValue().getValueAtPercentile(percentile) / 1e3;
                out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(nines), y(micros)));
            }
            out.append(String.format(
                    Locale.ROOT,
                    "\"/><text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
                    WIDTH - 140,
                    20 + 18 * index,
                    colour,
                    curve.getKey()));
            index++;
        }
        return out.append("</svg>").toString();
    }

    private static double x(double nines) {
        return LEFT + nines / NINES_MAX * (WIDTH - 160 - LEFT);
    }

    private static double y(double micros) {
        double clamped = Math.clamp(micros, MICROS_MIN, MICROS_MAX);
        double share = Math.log(clamped / MICROS_MIN) / Math.log(MICROS_MAX / MICROS_MIN);
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - 10);
    }
}
