package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.CallRecorder;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.serde.SerdeException;
import org.jspecify.annotations.Nullable;

/** Records the calls with one peer, while the recorder is on. A call that is not recorded has null for its record. Thread-safe. */
final class Recording {
    private final CallRecorder recorder;
    private final Clock clock;
    private final String peer;

    Recording(CallRecorder recorder, Clock clock, String peer) {
        this.recorder = recorder;
        this.clock = clock;
        this.peer = peer;
    }

    boolean isOn() {
        return recorder.isOn();
    }

    // --- a call by this side

    @Nullable
    CallRecord begin(Method<?, ?, ?> method, long begunNanos) {
        return recorder.isOn() ? new CallRecord(false, peer, method, begunNanos) : null;
    }

    /** An attempt of it has been handed to the transport. */
    void sent(@Nullable CallRecord record, Context context, long callId, long bytes) {
        if (record != null) {
            record.secondNanos = clock.nanoTime();
            record.peer = peer;
            record.callId = callId;
            record.requestBytes = bytes;
            record.traceHigh = context.traceId().high();
            record.traceLow = context.traceId().low();
        }
    }

    /** Its reply is here. */
    void answered(@Nullable CallRecord record, InboundMessage reply, long arrivedNanos) {
        if (record != null) {
            record.thirdNanos = arrivedNanos;
            record.replyBytes = reply.body().byteSize();
        }
    }

    /** Its reply has a result. */
    void decoded(@Nullable CallRecord record, InboundMessage reply) {
        if (record != null) {
            record.queueMicros = CallWire.queueMicros(reply);
            record.handlerMicros = CallWire.handlerMicros(reply);
        }
    }

    void succeeded(@Nullable CallRecord record, long endedNanos) {
        if (record != null) {
            record.lastNanos = endedNanos;
            recorder.record(record);
        }
    }

    void failed(@Nullable CallRecord record, StatusCode code) {
        if (record != null) {
            record.status = code.wireValue();
            succeeded(record, clock.nanoTime());
        }
    }

    // --- a call of the peer

    /** From its request to its reply; recorded by {@link #served}. */
    CallRecord serve(Method<?, ?, ?> method, long receivedNanos) {
        return new CallRecord(true, peer, method, receivedNanos);
    }

    void served(CallRecord record) {
        recorder.record(record);
    }

    /** A request that was answered with a failure before it got to a handler. */
    void refused(InboundMessage request, Dispatcher dispatcher, long receivedNanos, RpcException why) {
        if (!recorder.isOn()) {
            return;
        }
        CallRecord record = new CallRecord(true, peer, methodOf(request, dispatcher), receivedNanos);
        record.callId = request.id();
        record.status = why.code().wireValue();
        record.requestBytes = request.body().byteSize();
        record.lastNanos = clock.nanoTime();
        recorder.record(record);
    }

    private static @Nullable Method<?, ?, ?> methodOf(InboundMessage request, Dispatcher dispatcher) {
        if (request.corrupt()) {
            return null;
        }
        try {
            BoundMethod<?, ?, ?> bound = dispatcher.find(CallWire.methodId(request));
            return bound == null ? null : bound.method();
        } catch (SerdeException e) {
            return null; // too short to name one
        }
    }
}
