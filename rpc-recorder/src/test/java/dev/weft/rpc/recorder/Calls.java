package dev.weft.rpc.recorder;

import dev.weft.rpc.Method;
import dev.weft.rpc.spi.CallRecord;
import dev.weft.serde.Codecs;
import java.util.List;

/** Records for tests. */
final class Calls {
    static final Method<Object, Void, Void> ECHO = method("dev.test.Echo", "echo", 0x1122334455667788L);

    private Calls() {}

    @SuppressWarnings({"unchecked", "rawtypes"}) // no codec is used
    static Method<Object, Void, Void> method(String service, String name, long id) {
        return new Method(
                service,
                name,
                id,
                Codecs.NOTHING,
                Codecs.NOTHING,
                false,
                false,
                List.of(),
                (object, request) -> request);
    }

    /** A client's call that took 3 us, of which 1 to send, and 1 until the reply was there. */
    static CallRecord client(String peer, long callId, long begunNanos) {
        CallRecord call = new CallRecord(false, peer, ECHO, begunNanos);
        call.callId = callId;
        call.secondNanos = begunNanos + 1000;
        call.thirdNanos = begunNanos + 2000;
        call.lastNanos = begunNanos + 3000;
        call.requestBytes = 100;
        call.replyBytes = 200;
        call.queueMicros = 5;
        call.handlerMicros = 6;
        return call;
    }
}
