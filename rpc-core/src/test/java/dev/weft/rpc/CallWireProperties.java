package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Compressed bodies: what goes in comes out, and nothing a peer can send costs more than its call. */
final class CallWireProperties {
    private static final int MAX_BYTES = 1 << 20;

    @Property(tries = 300)
    void bodyComesOutAsItWentIn(@ForAll @Size(max = 5000) byte[] bytes) {
        assertArrayEquals(bytes, decompress(compressed(bytes)));
    }

    @Property(tries = 2000)
    void changedBodyIsRefusedOrStaysWithinItsBounds(
            @ForAll @Size(max = 300) byte[] bytes, @ForAll int at, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] body = compressed(bytes);
        body[Math.floorMod(at, body.length)] ^= (byte) change;
        decompressOrRefuse(body);
    }

    @Property(tries = 300)
    void bodyThatIsCutShortIsRefused(@ForAll @Size(max = 300) byte[] bytes, @ForAll int at) {
        byte[] body = compressed(bytes);
        byte[] cut = java.util.Arrays.copyOf(body, Math.floorMod(at, body.length));
        assertThrows(SerdeException.class, () -> decompress(cut));
    }

    @Property(tries = 2000)
    void anyBytesAreRefusedOrStayWithinTheirBounds(@ForAll @Size(max = 200) byte[] bytes) {
        decompressOrRefuse(bytes);
    }

    @Property(tries = 500)
    void anyBytesInPlaceOfTheFrameAreRefused(
            @ForAll @IntRange(min = 1, max = MAX_BYTES) int length, @ForAll @Size(max = 100) byte[] frame) {
        assertThrows(SerdeException.class, () -> decompress(body(length, frame)));
    }

    @Example
    void lengthBeyondTheLimitIsRefusedBeforeAnythingIsAllocated() {
        byte[] frame = Zstd.compress(new byte[10]);
        for (int length : new int[] {MAX_BYTES + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            SerdeException e = assertThrows(SerdeException.class, () -> decompress(body(length, frame)));
            assertTrue(e.reason().contains("exceeds " + MAX_BYTES), e.reason());
        }
    }

    @Example
    void lengthThatIsNotTheFramesIsRefused() {
        byte[] frame = Zstd.compress(new byte[MAX_BYTES * 8]);
        assertThrows(SerdeException.class, () -> decompress(body(10, frame)), "a small length before a large frame");
        byte[] small = Zstd.compress(new byte[10]);
        assertThrows(SerdeException.class, () -> decompress(body(MAX_BYTES, small)));
    }

    @Example
    void secondFrameBehindTheFirstIsRefused() {
        byte[] one = Zstd.compress(new byte[1000]);
        byte[] two = java.util.Arrays.copyOf(one, one.length * 2);
        System.arraycopy(one, 0, two, one.length, one.length);
        assertThrows(SerdeException.class, () -> decompress(body(1000, two)));
    }

    private static void decompressOrRefuse(byte[] body) {
        try {
            assertTrue(decompress(body).length <= MAX_BYTES);
        } catch (SerdeException expected) {
            // Costs the call only.
        }
    }

    private static byte[] compressed(byte[] bytes) {
        SerdeWriter plain = SerdeWriter.create(16);
        System.arraycopy(bytes, 0, claimed(plain, bytes.length), 0, bytes.length);
        SerdeWriter out = SerdeWriter.create(16);
        CallWire.writeBody(plain, out, true);
        return out.toByteArray();
    }

    private static byte[] claimed(SerdeWriter out, int length) {
        out.claim(length);
        return out.array();
    }

    private static byte[] body(int length, byte[] frame) {
        SerdeWriter out = SerdeWriter.create(16);
        out.putInt(length);
        out.putBytes(frame);
        return out.toByteArray();
    }

    private static byte[] decompress(byte[] body) {
        MemorySegment plain = CallWire.decompress(SerdeReader.of(MemorySegment.ofArray(body)), MAX_BYTES);
        return plain.toArray(ValueLayout.JAVA_BYTE);
    }
}
