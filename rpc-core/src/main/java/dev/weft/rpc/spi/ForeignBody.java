package dev.weft.rpc.spi;

import dev.weft.rpc.StatusCode;
import dev.weft.serde.SerdeReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** For transports: makes bodies of requests from foreign frames, and finds the foreign part of replies, without copying. */
public final class ForeignBody {
    /** Room for the head of a request, with a timeout, and the length of its parameter. */
    public static final int ROOM = 8 + 1 + 8 + 5;

    private static final int HAS_TIMEOUT = 1;
    private static final int REPLY_HEAD_BYTES = 12;
    private static final int STATUS_OK = 0;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ForeignBody() {}

    /**
     * The request that has a foreign frame as its parameter.
     *
     * @param frame {@link #ROOM} bytes, which are overwritten, then the frame
     */
    public static MemorySegment request(MemorySegment frame, long methodId, long timeoutNanos) {
        int length = (int) frame.byteSize() - ROOM;
        int countBytes = countBytes(length);
        int begin = 5 - countBytes;
        MemorySegment body = frame.asSlice(begin);
        body.set(LONG, 0, methodId);
        body.set(ValueLayout.JAVA_BYTE, 8, (byte) HAS_TIMEOUT);
        body.set(LONG, 9, timeoutNanos);
        int rest = length;
        for (int i = 0; i < countBytes; i++) {
            int more = i < countBytes - 1 ? 0x80 : 0;
            body.set(ValueLayout.JAVA_BYTE, 17 + i, (byte) ((rest & 0x7F) | more));
            rest >>>= 7;
        }
        return body;
    }

    private static int countBytes(int count) {
        return count == 0 ? 1 : (31 - Integer.numberOfLeadingZeros(count)) / 7 + 1;
    }

    /**
     * What a call ended in.
     *
     * @param failure null for a result, and for an error that the method declares
     * @param reason of the failure
     * @param bytes the result, or the detail of the error
     */
    public record Outcome(@Nullable StatusCode failure, String reason, List<MemorySegment> bytes) {}

    /** What a reply says, whose first {@code headroom} bytes are the transport's. */
    public static Outcome outcome(OutboundMessage reply, int headroom) {
        List<MemorySegment> parts = reply.parts();
        MemorySegment first = parts.getFirst();
        SerdeReader in = SerdeReader.of(first.asSlice(headroom));
        int status = in.getByte();
        for (int i = 1; i < REPLY_HEAD_BYTES; i++) {
            in.getByte();
        }
        if (status != STATUS_OK) {
            String reason = in.getString();
            StatusCode code = StatusCode.ofWireValue(status);
            if (code != StatusCode.APPLICATION) {
                return new Outcome(code, reason, List.of());
            }
            in.getLong();
        }
        // The bytes may lie in the other parts, so that there are fewer here than announced.
        in.getCount(0);
        List<MemorySegment> bytes = new ArrayList<>(parts.subList(1, parts.size()));
        MemorySegment rest = first.asSlice(headroom + in.position());
        if (rest.byteSize() > 0) {
            bytes.addFirst(rest);
        }
        return new Outcome(null, "", bytes);
    }
}
