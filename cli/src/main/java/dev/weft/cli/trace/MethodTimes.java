package dev.weft.cli.trace;

import dev.weft.rpc.recorder.RecordedCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The calls of one method, as one side saw them: how many, how large, and how long each stage took. */
final class MethodTimes {
    /** A longer time counts as this. */
    private static final long NANOS_MAX = 24 * 3_600_000_000_000L;

    /** Of two digits. */
    private static final int DIGITS = 2;

    private final boolean server;
    private final String name;
    private final Map<Stage, Histogram> stages = new EnumMap<>(Stage.class);
    private long calls;
    private long failures;
    private long requestBytes;
    private long replyBytes;

    private MethodTimes(boolean server, String name) {
        this.server = server;
        this.name = name;
    }

    /** Sorts calls by method and side; those that took most time in all come first in {@link #all}. */
    static final class Table {
        private record Key(boolean server, String service, String method) {}

        private final Map<Key, MethodTimes> methods = new HashMap<>();

        void add(RecordedCall call) {
            methods.computeIfAbsent(
                            new Key(call.server(), call.service(), call.method()),
                            key -> new MethodTimes(call.server(), call.name()))
                    .count(call);
        }

        List<MethodTimes> all() {
            List<MethodTimes> sorted = new ArrayList<>(methods.values());
            sorted.sort(Comparator.comparingDouble(MethodTimes::allNanos)
                    .reversed()
                    .thenComparing(MethodTimes::name)
                    .thenComparing(MethodTimes::isOfServer));
            return sorted;
        }
    }

    private void count(RecordedCall call) {
        calls++;
        failures += call.status() == null ? 0 : 1;
        requestBytes += call.requestBytes() + call.items().bytesToServer();
        replyBytes += call.replyBytes() + call.items().bytesToClient();
        for (Stage stage : Stage.values()) {
            long nanos = stage.isOfServer() == server ? stage.nanos(call) : RecordedCall.NOT_REACHED;
            if (nanos != RecordedCall.NOT_REACHED) {
                stages.computeIfAbsent(stage, any -> new Histogram(NANOS_MAX, DIGITS))
                        .recordValue(Math.min(nanos, NANOS_MAX));
            }
        }
    }

    boolean isOfServer() {
        return server;
    }

    String name() {
        return name;
    }

    long calls() {
        return calls;
    }

    long failures() {
        return failures;
    }

    /** With the items of streams, as {@link #replyBytes}. */
    long requestBytes() {
        return requestBytes;
    }

    long replyBytes() {
        return replyBytes;
    }

    /** In nanoseconds, of the stages that any call had. */
    Map<Stage, Histogram> stages() {
        return stages;
    }

    /** Of the whole calls. */
    Histogram total() {
        return stages.getOrDefault(server ? Stage.SERVER_TOTAL : Stage.TOTAL, new Histogram(NANOS_MAX, DIGITS));
    }

    private double allNanos() {
        return total().getTotalCount() * total().getMean();
    }
}
