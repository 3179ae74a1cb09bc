package dev.weft.rpc;

import dev.weft.serde.SerdeWriter;

/** Bodies of requests. */
final class RequestEncoder {
    /** Fits most requests without growing. */
    private static final int PARAMETER_BYTES_HINT = 96;

    private RequestEncoder() {}

    static <Q> SerdeWriter encode(
            Method<?, Q, ?> method, Q request, Context context, long timeoutNanos, int headroom, CallConfig config) {
        int compressionBytes = config.compressionBytes();
        SerdeWriter out = SerdeWriter.create(headroom + CallWire.REQUEST_HEAD_BYTES + PARAMETER_BYTES_HINT);
        out.claim(headroom);
        if (compressionBytes == CallConfig.NO_COMPRESSION) {
            CallWire.writeRequestHead(out, method, context, timeoutNanos, false, config.streams());
            method.requestCodec().write(request, out);
            return out;
        }
        SerdeWriter parameter = SerdeWriter.create(PARAMETER_BYTES_HINT);
        method.requestCodec().write(request, parameter);
        boolean compressed = parameter.size() >= compressionBytes;
        CallWire.writeRequestHead(out, method, context, timeoutNanos, compressed, config.streams());
        CallWire.writeBody(parameter, out, compressed);
        return out;
    }

    /** The result of a one-way call. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // the stub ignores it: the method is void
    static <R> R nothing() {
        return null;
    }
}
