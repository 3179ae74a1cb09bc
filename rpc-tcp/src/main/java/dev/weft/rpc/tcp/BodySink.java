package dev.weft.rpc.tcp;

import java.nio.ByteBuffer;

/** Takes the body of one frame, piece by piece, on the loop's thread. */
interface BodySink {
    /** Takes the bytes between position and limit; whatever it leaves is lost. */
    void accept(ByteBuffer piece);

    /** The body is complete; {@code intact} says whether it matches its checksum. */
    void end(boolean intact) throws BadFrameException;

    /** For a body that is of no use any more. */
    BodySink DISCARD = new BodySink() {
        @Override
        public void accept(ByteBuffer piece) {}

        @Override
        public void end(boolean intact) {}
    };
}
