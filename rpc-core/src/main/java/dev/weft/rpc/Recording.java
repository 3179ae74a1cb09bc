package dev.weft.rpc;

import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.CallRecorder;
import dev.weft.rpc.spi.InboundMessage;
import dev.weft.serde.SerdeException;
import org.jspecify.annotations.Nullable;

/** Records the calls with one peer, while the recorder is on. Thread-safe. */
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

    /** An attempt of a call by this side; null if it is not recorded. */
    @Nullable
    CallRecord begin(Method<?, ?, ?> method, Context context, long begunNanos) {
        if (!recorder.isOn()) {
            return null;
        }
        CallRecord record = new CallRecord(false, peer, method, begunNanos);
        record.traceHigh = context.traceId().high();
        record.traceLow = context.traceId().low();
        // What it is if something else than a failure of the call is thrown.
        record.status = StatusCode.INTERNAL.wireValue();
        return record;
    }

    /** The request has been handed to the transport. */
    void sent(@Nullable CallRecord record, long callId, long bytes) {
        if (record != null) {
            record.secondNanos = clock.nanoTime();
            record.callId = callId;
            record.requestBytes = bytes;
        }
    }

    /** On the thread that found whose reply it is, before the caller has it. */
    void answered(@Nullable CallRecord record, InboundMessage reply) {
        if (record != null) {
            record.thirdNanos = clock.nanoTime();
            record.replyBytes = reply.body().byteSize();
        }
    }

    void succeeded(@Nullable CallRecord record, InboundMessage reply) {
        if (record != null) {
            record.status = CallRecord.OK;
            record.queueMicros = CallWire.queueMicros(reply);
            record.handlerMicros = CallWire.handlerMicros(reply);
        }
    }

    void succeeded(@Nullable CallRecord record) {
        if (record != null) {
            record.status = CallRecord.OK;
        }
    }

    void failed(@Nullable CallRecord record, RpcException failure) {
        if (record != null) {
            record.status = failure.code().wireValue();
        }
    }

    void end(@Nullable CallRecord record) {
        if (record != null) {
            record.lastNanos = clock.nanoTime();
            recorder.record(record);
        }
    }

    /** A call that there was no connection for. */
    void unsent(Method<?, ?, ?> method, Context context, long begunNanos, RpcException failure) {
        CallRecord record = begin(method, context, begunNanos);
        failed(record, failure);
        end(record);
    }

    /** A call of the peer, from its request to its reply; recorded by {@link #served}. */
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
