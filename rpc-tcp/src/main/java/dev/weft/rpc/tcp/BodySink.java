package dev.weft.rpc.tcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32C;

/** Takes the body of one frame, piece by piece, on the loop's thread. */
interface BodySink {
    /** Takes the bytes between position and limit; whatever it leaves is lost. */
    void accept(ByteBuffer piece);

    /** What {@link #readFrom} says if the body has to be given to {@link #accept}. */
    int NOT_DIRECT = -2;

    /**
     * Reads up to {@code bytes} of the body straight to where they belong, and adds them to {@code crc}.
     *
     * @return how many came, -1 at the end of the channel, or {@link #NOT_DIRECT}
     */
    default int readFrom(ReadableByteChannel channel, int bytes, CRC32C crc) throws IOException {
        return NOT_DIRECT;
    }

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
