package dev.weft.rpc;

import dev.weft.serde.SerdeWriter;

/** Bodies of replies; each says how many items came before it, or {@link CallWire#NO_ITEMS}. */
final class ReplyEncoder {
    /** Fits most replies without growing. */
    private static final int RESULT_BYTES_HINT = 96;

    private ReplyEncoder() {}

    static <R> SerdeWriter success(
            Method<?, ?, R> method,
            R result,
            int headroom,
            int compressionBytes,
            long queueNanos,
            long handlerNanos,
            long items) {
        SerdeWriter out = begin(headroom);
        if (compressionBytes == CallConfig.NO_COMPRESSION) {
            CallWire.writeReplyHead(out, CallWire.STATUS_OK, false, queueNanos, handlerNanos, items);
            method.replyCodec().write(result, out);
            return out;
        }
        SerdeWriter body = SerdeWriter.create(RESULT_BYTES_HINT);
        method.replyCodec().write(result, body);
        boolean compressed = body.size() >= compressionBytes;
        CallWire.writeReplyHead(out, CallWire.STATUS_OK, compressed, queueNanos, handlerNanos, items);
        CallWire.writeBody(body, out, compressed);
        return out;
    }

    static SerdeWriter failure(RpcException failure, int headroom, long items) {
        SerdeWriter out = begin(headroom);
        CallWire.writeReplyHead(out, (byte) failure.code().wireValue(), false, 0, 0, items);
        out.putString(CallWire.cut(failure.reason()));
        return out;
    }

    static <E extends Exception, D> SerdeWriter applicationError(
            ApplicationError<E, D> error, Exception thrown, int headroom, long items) {
        SerdeWriter out = begin(headroom);
        CallWire.writeReplyHead(out, (byte) StatusCode.APPLICATION.wireValue(), false, 0, 0, items);
        out.putString(CallWire.cut(String.valueOf(thrown.getMessage())));
        out.putLong(error.id());
        error.codec().write(error.detail().apply(error.type().cast(thrown)), out);
        return out;
    }

    private static SerdeWriter begin(int headroom) {
        SerdeWriter out = SerdeWriter.create(headroom + CallWire.REPLY_HEAD_BYTES + RESULT_BYTES_HINT);
        out.claim(headroom);
        return out;
    }
}
