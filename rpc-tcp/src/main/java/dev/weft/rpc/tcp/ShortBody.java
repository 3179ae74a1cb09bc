package dev.weft.rpc.tcp;

import java.nio.ByteBuffer;

/** Collects the body of a control frame. */
final class ShortBody implements BodySink {
    /** Longer ones are not read further: no control frame has more to say. */
    private static final int BYTES_MAX = 1024;

    private final ByteBuffer bytes;
    private final Then then;

    /** What to do with the whole body. */
    interface Then {
        void accept(byte[] body) throws BadFrameException;
    }

    ShortBody(int bodyBytes, Then then) throws BadFrameException {
        if (bodyBytes > BYTES_MAX) {
            throw new BadFrameException("control frame with a body of " + bodyBytes + " bytes exceeds " + BYTES_MAX);
        }
        this.bytes = ByteBuffer.allocate(bodyBytes);
        this.then = then;
    }

    @Override
    public void accept(ByteBuffer piece) {
        bytes.put(piece);
    }

    @Override
    public void end(boolean intact) throws BadFrameException {
        if (!intact) {
            throw new BadFrameException("control frame does not match its checksum");
        }
        then.accept(bytes.array());
    }
}
