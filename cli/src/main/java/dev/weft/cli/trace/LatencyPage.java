package dev.weft.cli.trace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Latency by percentile as a page that needs nothing else: one plot of the methods that took most time, one of the stages of each. */
final class LatencyPage {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 340;
    private static final int LEFT = 64;
    private static final int RIGHT = 220;
    private static final int TOP = 12;
    private static final int BOTTOM = 34;

    /** Dark enough on white, and told apart by those who do not see all colours. */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#666666", "#000000");

    /** From 0 to 99.999 %, in nines. */
    private static final int NINES_MAX = 5;

    private static final int LABEL_CHARS_MAX = 30;

    private LatencyPage() {}

    static String of(List<MethodTimes> methods) {
        StringBuilder page = new StringBuilder(
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                        + "<title>Latency of calls</title><style>"
                        + "body{font:15px/1.4 sans-serif;margin:2em auto;max-width:920px;color:#222;background:#fff}"
                        + "h1{font-size:1.5em}h2{font-size:1.15em;margin:1.6em 0 .4em}p{color:#555;margin:.3em 0}"
                        + "svg{border:1px solid #ddd;max-width:100%;height:auto}</style></head><body><h1>Latency of calls</h1>\n");
        for (boolean server : new boolean[] {false, true}) {
            Map<String, Histogram> totals = new LinkedHashMap<>();
            methods.stream()
                    .filter(method -> method.isOfServer() == server)
                    .limit(COLOURS.size())
                    .forEach(method -> totals.put(method.name(), method.total()));
            if (!totals.isEmpty()) {
                section(page, "All methods, as the " + (server ? "server" : "client") + " sees them", "", totals);
            }
        }
        methods.stream().limit(COLOURS.size()).forEach(method -> {
            Map<String, Histogram> stages = new LinkedHashMap<>();
            method.stages().forEach((stage, nanos) -> stages.put(stage.label(), nanos));
            section(
                    page,
                    method.name() + ", as its " + (method.isOfServer() ? "server" : "client") + " sees it",
                    method.calls() + " calls, " + method.failures() + " failed",
                    stages);
        });
        return page.append("</body></html>\n").toString();
    }

    private static void section(StringBuilder page, String title, String text, Map<String, Histogram> curves) {
        page.append("<h2>").append(escape(title)).append("</h2>");
        page.append("<p>")
                .append(escape(text))
                .append("</p>")
                .append(svg(curves))
                .append('\n');
    }

    private static String svg(Map<String, Histogram> curves) {
        long lowest =
                curves.values().stream().mapToLong(Histogram::getMinValue).min().orElse(0);
        long highest =
                curves.values().stream().mapToLong(Histogram::getMaxValue).max().orElse(0);
        Scale scale = new Scale((int) Math.floor(Math.log10((double) Math.max(lowest, 100))), (int)
                Math.ceil(Math.log10((double) Math.max(highest, 10_000))));
        StringBuilder out = new StringBuilder("<svg role=\"img\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" width=\""
                + WIDTH + "\" font-size=\"12\" font-family=\"sans-serif\">");
        for (int power = scale.from; power <= scale.to; power++) {
            double y = scale.y(Math.pow(10, power));
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%s</text>",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y,
                    LEFT - 6,
                    y + 4,
                    label(power)));
        }
        for (int nines = 0; nines <= NINES_MAX; nines++) {
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#f0f0f0\"/>"
                            + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%s</text>",
                    x(nines),
                    x(nines),
                    TOP,
                    HEIGHT - BOTTOM,
                    x(nines),
                    HEIGHT - BOTTOM + 18,
                    List.of("0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %")
                            .get(nines)));
        }
        int index = 0;
        for (Map.Entry<String, Histogram> curve : curves.entrySet()) {
            String colour = COLOURS.get(index % COLOURS.size());
            out.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                    .append(colour)
                    .append("\" points=\"");
            double ninesMax = Math.min(
                    NINES_MAX, Math.log10((double) Math.max(1, curve.getValue().getTotalCount())));
            for (double nines = 0; nines <= ninesMax + 1e-9; nines += 0.05) {
                double nanos = (double) curve.getValue().getValueAtPercentile(100 * (1 - Math.pow(10, -nines)));
                out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(nines), scale.y(nanos)));
            }
            String name = curve.getKey();
            out.append(String.format(
                    Locale.ROOT,
                    "\"/><text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
                    WIDTH - RIGHT + 10,
                    TOP + 14 + 18 * index,
                    colour,
                    escape(name.substring(0, Math.min(name.length(), LABEL_CHARS_MAX)))));
            index++;
        }
        return out.append("</svg>").toString();
    }

    private static double x(double nines) {
        return LEFT + nines / NINES_MAX * (WIDTH - LEFT - RIGHT);
    }

    /** Powers of ten nanoseconds, from the lower edge to the upper. */
    private record Scale(int from, int to) {
        double y(double nanos) {
            double power = Math.clamp(Math.log10(Math.max(nanos, 1)), from, to);
            return HEIGHT - BOTTOM - (power - from) / (to - from) * (HEIGHT - BOTTOM - TOP);
        }
    }

    private static String label(int power) {
        long number = (long) Math.pow(10, Math.floorMod(power, 3));
        return number + List.of(" ns", " us", " ms", " s", " ks", " Ms").get(Math.min(power / 3, 5));
    }

    /** Names come from files that may say anything. */
    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
