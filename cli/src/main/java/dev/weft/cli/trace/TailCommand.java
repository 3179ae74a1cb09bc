package dev.weft.cli.trace;

import dev.weft.cli.Json;
import dev.weft.cli.UsageException;
import dev.weft.rpc.Clock;
import dev.weft.rpc.recorder.RecordedCall;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The last calls, one to a line. */
@Command(
        name = "tail",
        description = {
            "Shows the last calls, one to a line: when it began, which side recorded it, method, peer, status, how long it took",
            "and after how long it was sent, answered and over (client) or started, handled and answered (server), in microseconds;",
            "bytes of request and reply; trace."
        },
        mixinStandardHelpOptions = true)
final class TailCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int COUNT_MAX = 1_000_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final Comparator<RecordedCall> BY_TIME = Comparator.comparing(RecordedCall::begun);

    @Mixin
    private RecordOptions records = new RecordOptions();

    @Option(names = "-n", paramLabel = "N", description = "Shows so many (20).")
    private int count = 20;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what is recorded from now on, until ^C.")
    private boolean follow;

    @Option(names = "--json", description = "Prints JSON, one object to a line.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (count < 0 || count > COUNT_MAX) {
            throw new UsageException("-n " + count + " is not in 0.." + COUNT_MAX);
        }
        var filter = records.filter();
        try (Records read = new Records(records.folders())) {
            PriorityQueue<RecordedCall> last = new PriorityQueue<>(BY_TIME);
            read.read(call -> {
                if (filter.test(call)) {
                    last.add(call);
                    if (last.size() > count) {
                        last.remove();
                    }
                }
            });
            print(new ArrayList<>(last));
            while (follow) {
                Clock.system().sleep(POLL);
                List<RecordedCall> more = new ArrayList<>();
                read.read(call -> {
                    if (filter.test(call)) {
                        more.add(call);
                    }
                });
                print(more);
            }
        }
        return 0;
    }

    private void print(List<RecordedCall> calls) {
        calls.sort(BY_TIME);
        StringBuilder lines = new StringBuilder();
        calls.forEach(call -> lines.append(json ? json(call) : text(call)).append('\n'));
        System.out.print(lines);
        System.out.flush();
    }

    private static String text(RecordedCall call) {
        return String.format(
                Locale.ROOT,
                "%s %s %s %s %s %.1f us (%s %s %s) %d+%d B%s%s",
                TIME.format(call.begun()),
                call.server() ? "server" : "client",
                call.name(),
                call.peer().isEmpty() ? "-" : call.peer(),
                call.outcome(),
                call.totalNanos() / 1e3,
                micros(call.secondNanos()),
                micros(call.thirdNanos()),
                micros(call.lastNanos()),
                call.requestBytes(),
                call.replyBytes(),
                call.items().present()
                        ? " items " + call.items().toServer() + "+"
                                + call.items().toClient()
                        : "",
                call.traceId().isPresent() ? " " + call.traceId() : "");
    }

    private static String micros(long nanos) {
        return nanos == RecordedCall.NOT_REACHED ? "-" : String.format(Locale.ROOT, "%.1f", nanos / 1e3);
    }

    private static Json json(RecordedCall call) {
        Json json = new Json()
                .put("begun", call.begun().toString())
                .put("side", call.server() ? "server" : "client")
                .put("service", call.service())
                .put("method", call.method())
                .put("peer", call.peer())
                .put("status", call.outcome())
                .put("callId", call.callId());
        put(json, call.server() ? "startedNanos" : "sentNanos", call.secondNanos());
        put(json, call.server() ? "handledNanos" : "answeredNanos", call.thirdNanos());
        put(json, call.server() ? "repliedNanos" : "returnedNanos", call.lastNanos());
        json.put("requestBytes", call.requestBytes()).put("replyBytes", call.replyBytes());
        put(json, "serverQueueNanos", call.queueNanos());
        put(json, "serverHandlerNanos", call.handlerNanos());
        if (call.items().present()) {
            json.put("itemsToServer", call.items().toServer())
                    .put("itemBytesToServer", call.items().bytesToServer())
                    .put("itemsToClient", call.items().toClient())
                    .put("itemBytesToClient", call.items().bytesToClient());
        }
        if (call.traceId().isPresent()) {
            json.put("trace", call.traceId().toString());
        }
        return json;
    }

    private static void put(Json json, String name, long nanos) {
        if (nanos != RecordedCall.NOT_REACHED) {
            json.put(name, nanos);
        }
    }
}
