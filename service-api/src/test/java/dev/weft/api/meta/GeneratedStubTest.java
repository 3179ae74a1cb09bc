package dev.weft.api.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.rpc.Caller;
import dev.weft.rpc.Method;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the generated stub and definition of a service do. */
final class GeneratedStubTest {
    private static final OpenRequest REQUEST = new OpenRequest(
            new Credentials(new UUID(1, 2), 0, 0, List.of()),
            PathAt.of("/a"),
            OpenRequest.Mode.WRITE,
            false,
            new UUID(3, 4));

    /** Answers every call with the default value. */
    private static final class Recorder implements Caller {
        private String method = "";
        private boolean idempotent;

        @Override
        public <Q, R> R call(Method<?, Q, R> called, Q request) {
            method = called.toString();
            idempotent = called.idempotent();
            return called.replyCodec().defaultValue();
        }
    }

    @Test
    void callsThroughTheCaller() throws MetaException {
        Recorder recorder = new Recorder();
        MetaService stub = MetaServiceRpc.SERVICE.stub(recorder);
        assertEquals(OpenReplyCodec.CODEC.defaultValue(), stub.open(REQUEST));
        assertEquals("MetaService/open", recorder.method);
        assertEquals(true, recorder.idempotent);
    }

    @Test
    void rethrowsADeclaredException() {
        MetaException declared = new MetaException(MetaFaultCodec.CODEC.defaultValue());
        RpcException failure = new RpcException(StatusCode.APPLICATION, "refused", declared);
        MetaService stub = MetaServiceRpc.SERVICE.stub(failing(failure));
        assertSame(declared, assertThrows(MetaException.class, () -> stub.open(REQUEST)));
    }

    @Test
    void passesOnEveryOtherFailure() {
        RpcException failure = new RpcException(StatusCode.UNAVAILABLE, "no connection");
        MetaService stub = MetaServiceRpc.SERVICE.stub(failing(failure));
        assertSame(failure, assertThrows(RpcException.class, () -> stub.open(REQUEST)));
    }

    @Test
    void methodIdsAreFixed() {
        // First eight bytes of: printf %s dev.weft.api.meta.MetaService/open | sha256sum
        assertEquals(
                "7fe028f7fb47547f",
                MetaServiceRpc.SERVICE.methods().stream()
                        .filter(method -> method.name().equals("open"))
                        .map(method -> Long.toHexString(method.id()))
                        .findFirst()
                        .orElseThrow());
    }

    private static Caller failing(RpcException failure) {
        return new Caller() {
            @Override
            public <Q, R> R call(Method<?, Q, R> method, Q request) {
                throw failure;
            }
        };
    }
}
