package dev.weft.cli.trace;

import dev.weft.cli.UsageException;
import dev.weft.rpc.Clock;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.recorder.RecordedCall;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which records a command reads, and which calls of them it looks at. */
final class RecordOptions {
    @Parameters(
            paramLabel = "DIR",
            arity = "0..*",
            description = "Folders of recorders, or folders above them (.weft).")
    private List<Path> folders = List.of(Path.of(".weft"));

    @Option(names = "--method", paramLabel = "TEXT", description = "Only methods whose Service/method has this in it.")
    private @Nullable String method;

    @Option(names = "--peer", paramLabel = "TEXT", description = "Only calls with peers whose address has this in it.")
    private @Nullable String peer;

    @Option(
            names = "--min-duration",
            paramLabel = "TIME",
            description = "Only calls that took as long or longer: 250us, 10ms, 1.5s.")
    private @Nullable String minDuration;

    @Option(
            names = "--status",
            paramLabel = "NAME",
            description = "Only calls that ended so: ok, failed (all but ok), or a status such as deadline-exceeded.")
    private @Nullable String status;

    @Option(names = "--side", paramLabel = "NAME", description = "Only what a client or a server recorded.")
    private @Nullable Side side;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only calls that began then or later: 2026-11-24T10:00:00Z, or 10m for ten minutes ago.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only calls that began before; as --since.")
    private @Nullable String until;

    enum Side {
        CLIENT,
        SERVER
    }

    List<Path> folders() {
        return folders;
    }

    /** @throws UsageException for a value that is not one */
    Predicate<RecordedCall> filter() {
        List<Predicate<RecordedCall>> all = new ArrayList<>();
        String wantedMethod = method;
        if (wantedMethod != null) {
            all.add(call -> (call.service() + "/" + call.method()).contains(wantedMethod));
        }
        String wantedPeer = peer;
        if (wantedPeer != null) {
            all.add(call -> call.peer().contains(wantedPeer));
        }
        String wantedDuration = minDuration;
        if (wantedDuration != null) {
            long nanos = duration("--min-duration", wantedDuration).toNanos();
            all.add(call -> call.totalNanos() >= nanos);
        }
        String wantedStatus = status;
        if (wantedStatus != null) {
            all.add(status(wantedStatus));
        }
        Side wantedSide = side;
        if (wantedSide != null) {
            all.add(call -> call.server() == (wantedSide == Side.SERVER));
        }
        Instant now = Clock.system().instant();
        String from = since;
        if (from != null) {
            Instant time = time("--since", from, now);
            all.add(call -> !call.begun().isBefore(time));
        }
        String to = until;
        if (to != null) {
            Instant time = time("--until", to, now);
            all.add(call -> call.begun().isBefore(time));
        }
        return all.stream().reduce(call -> true, Predicate::and);
    }

    private static Predicate<RecordedCall> status(String text) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
        if (name.equals("OK")) {
            return call -> call.status() == null;
        }
        if (name.equals("FAILED")) {
            return call -> call.status() != null;
        }
        if (Arrays.stream(StatusCode.values()).noneMatch(code -> code.name().equals(name))) {
            throw new UsageException("--status '" + text + "' is none of ok, failed, "
                    + String.join(
                            ", ",
                            Arrays.stream(StatusCode.values())
                                    .map(RecordOptions::text)
                                    .toList()));
        }
        return call -> call.outcome().equals(name);
    }

    private static String text(StatusCode code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Instant time(String option, String text, Instant now) {
        try {
            return text.contains(":") ? Instant.parse(text) : now.minus(duration(option, text));
        } catch (DateTimeException e) {
            throw new UsageException(option + " '" + text + "' is no time; write 2026-11-24T10:00:00Z, or 10m");
        }
    }

    /** {@code 250us}, {@code 10ms}, {@code 1.5s}, {@code 10m}, {@code 2h}. */
    static Duration duration(String option, String text) {
        String unit = text.replaceFirst("^[0-9.]+", "");
        double nanos = switch (unit) {
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> Double.NaN;
        };
        try {
            double value = Double.parseDouble(text.substring(0, text.length() - unit.length())) * nanos;
            if (value >= 0 && value < 1e18) {
                return Duration.ofNanos((long) value);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new UsageException(option + " '" + text + "' is no duration; write 250us, 10ms, 1.5s, 10m or 2h");
    }
}
