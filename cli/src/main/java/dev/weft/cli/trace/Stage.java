package dev.weft.cli.trace;

import dev.weft.rpc.recorder.RecordedCall;
import java.util.function.ToLongFunction;

/** A part of a call's time, as one side sees it. */
enum Stage {
    TOTAL("total", false, RecordedCall::totalNanos),
    /** Waiting for a connection, packing the request, waiting for room to send. */
    SEND("send", false, RecordedCall::secondNanos),
    /** From there until the reply is back. */
    ANSWER("answer", false, call -> between(call.secondNanos(), call.thirdNanos())),
    /** Of that, what the server did not have it for. */
    NETWORK("network", false, Stage::network),
    /** Of that, in the server until the handler began. */
    QUEUED("queue", false, RecordedCall::queueNanos),
    /** Of that, in the handler. */
    HANDLED("handler", false, RecordedCall::handlerNanos),
    /** Until the caller had the reply. */
    RETURN("return", false, call -> between(call.thirdNanos(), call.lastNanos())),

    SERVER_TOTAL("total", true, RecordedCall::totalNanos),
    /** Until the handler began. */
    QUEUE("queue", true, RecordedCall::secondNanos),
    HANDLER("handler", true, call -> between(call.secondNanos(), call.thirdNanos())),
    /** Packing the reply, waiting for room to send. */
    REPLY("reply", true, call -> between(call.thirdNanos(), call.lastNanos()));

    private final String label;
    private final boolean ofServer;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final ToLongFunction<RecordedCall> nanos;

    Stage(String label, boolean ofServer, ToLongFunction<RecordedCall> nanos) {
        this.label = label;
        this.ofServer = ofServer;
        this.nanos = nanos;
    }

    String label() {
        return label;
    }

    boolean isOfServer() {
        return ofServer;
    }

    /** {@link RecordedCall#NOT_REACHED} for a call that has no such part. */
    long nanos(RecordedCall call) {
        return nanos.applyAsLong(call);
    }

    private static long between(long from, long to) {
        return from == RecordedCall.NOT_REACHED || to == RecordedCall.NOT_REACHED
                ? RecordedCall.NOT_REACHED
                : Math.max(0, to - from);
    }

    private static long network(RecordedCall call) {
        long answer = between(call.secondNanos(), call.thirdNanos());
        return answer == RecordedCall.NOT_REACHED || call.queueNanos() == RecordedCall.NOT_REACHED
                ? RecordedCall.NOT_REACHED
                : Math.max(0, answer - call.queueNanos() - call.handlerNanos());
    }
}
