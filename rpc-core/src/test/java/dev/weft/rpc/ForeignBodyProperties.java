package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weft.rpc.spi.ForeignBody;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** What is made of foreign frames is what the rest of this module reads and writes. */
final class ForeignBodyProperties {
    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + 1);
        }
        return bytes;
    }

    @Property(tries = 200)
    void aRequestHasItsFrameAsParameter(
            @ForAll long methodId, @ForAll long timeoutNanos, @ForAll @IntRange(max = 40_000) int length) {
        byte[] frame = new byte[ForeignBody.ROOM + length];
        System.arraycopy(bytes(length), 0, frame, ForeignBody.ROOM, length);
        SerdeReader in = SerdeReader.of(ForeignBody.request(MemorySegment.ofArray(frame), methodId, timeoutNanos));
        assertEquals(methodId, in.getLong());
        assertEquals(CallWire.HAS_TIMEOUT, in.getByte());
        assertEquals(timeoutNanos, in.getLong());
        assertArrayEquals(bytes(length), in.getBytes());
        assertEquals(0, in.remaining());
    }

    private static byte[] join(List<MemorySegment> pieces) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        pieces.forEach(piece -> joined.writeBytes(piece.toArray(ValueLayout.JAVA_BYTE)));
        return joined.toByteArray();
    }

    @Property(tries = 200)
    void aReplyGivesItsResult(@ForAll @IntRange(max = 40) int headroom, @ForAll @IntRange(max = 40_000) int length) {
        SerdeWriter out = SerdeWriter.create(64);
        out.claim(headroom);
        CallWire.writeReplyHead(out, CallWire.STATUS_OK, false, 1, 2, CallWire.NO_ITEMS);
        // Copied if short, attached if long.
        out.putSegment(MemorySegment.ofArray(bytes(length)));
        ForeignBody.Outcome outcome = ForeignBody.outcome(new OutboundMessage(MessageKind.REPLY, 1, out), headroom);
        assertNull(outcome.failure());
        assertArrayEquals(bytes(length), join(outcome.bytes()));
    }

    @Property(tries = 100)
    void aFailureGivesItsReason(@ForAll StatusCode code, @ForAll @StringLength(max = 200) String reason) {
        if (code == StatusCode.APPLICATION || reason.chars().anyMatch(c -> Character.isSurrogate((char) c))) {
            return;
        }
        SerdeWriter out = ReplyEncoder.failure(new RpcException(code, reason), 8, CallWire.NO_ITEMS);
        ForeignBody.Outcome outcome = ForeignBody.outcome(new OutboundMessage(MessageKind.REPLY, 1, out), 8);
        assertEquals(code, outcome.failure());
        assertEquals(reason, outcome.reason());
    }
}
