package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes are, they are understood or refused: nothing else is thrown, and nothing is read that is not there. */
final class HostileBytesProperties {
    private static final List<byte[]> CONNECT_DATA = List.of(
            new ConnectData.Request(ConnectData.Kind.JOIN, 1, 3, true, 1, 2, 32, 8192, 1 << 20, 0, 5, 4, 42).toBytes(),
            new ConnectData.Reply(
                            ConnectData.Answer.ACCEPTED,
                            2,
                            true,
                            16,
                            4096,
                            1 << 20,
                            0,
                            7,
                            List.of(java.net.InetAddress.ofLiteral("10.0.0.2"), java.net.InetAddress.ofLiteral("::1")))
                    .toBytes());

    private static final List<byte[]> FRAMES = List.of(
            Hex.bytes(ControlFrameGoldenTest.GRANT),
            Hex.bytes(ControlFrameGoldenTest.REFUSED_GRANT),
            Hex.bytes(ControlFrameGoldenTest.RELEASED),
            Hex.bytes(ControlFrameGoldenTest.LARGE),
            Hex.bytes(ControlFrameGoldenTest.PERMIT_ASK),
            Hex.bytes(ControlFrameGoldenTest.RAIL_ENDED),
            Hex.bytes(ControlFrameGoldenTest.BYE));

    @Provide
    Arbitrary<byte[]> connectData() {
        return changed(CONNECT_DATA);
    }

    @Provide
    Arbitrary<byte[]> frames() {
        return Arbitraries.oneOf(
                changed(FRAMES), Arbitraries.bytes().array(byte[].class).ofMaxSize(300));
    }

    /** What is right, with some bytes changed, cut off or added. */
    private static Arbitrary<byte[]> changed(List<byte[]> right) {
        Arbitrary<List<Integer>> places =
                Arbitraries.integers().between(0, 99).list().ofMaxSize(4);
        Arbitrary<Byte> value =
                Arbitraries.of((byte) 0, (byte) 1, (byte) 2, (byte) 8, (byte) 0x7F, (byte) 0x80, (byte) -1);
        Arbitrary<Integer> cut = Arbitraries.integers().between(-20, 20);
        return net.jqwik.api.Combinators.combine(Arbitraries.of(right), places, value, cut)
                .as((bytes, at, to, by) -> {
                    byte[] copy = Arrays.copyOf(bytes, Math.max(0, bytes.length + Math.max(by, -bytes.length)));
                    at.stream().filter(i -> i < copy.length).forEach(i -> copy[i] = to);
                    return copy;
                });
    }

    @Property
    void connectDataIsUnderstoodOrRefused(@ForAll("connectData") byte[] bytes) {
        try {
            var request = ConnectData.Request.read(bytes);
            assertEquals(request, ConnectData.Request.read(request.toBytes()));
        } catch (BadFrameException e) {
            assertNotNull(e.getMessage());
        }
        try {
            var reply = ConnectData.Reply.read(bytes);
            assertEquals(reply, ConnectData.Reply.read(reply.toBytes()));
        } catch (BadFrameException e) {
            assertNotNull(e.getMessage());
        }
    }

    @Property
    void randomConnectDataIsRefused(@ForAll @Size(max = 255) byte[] bytes) {
        try {
            ConnectData.Request.read(bytes);
        } catch (BadFrameException e) {
            assertNotNull(e.getMessage());
            return;
        }
        assertEquals('W', bytes[0]);
    }

    /** As a buffer of the ring is read. */
    @Property
    void framesAreUnderstoodOrRefused(@ForAll("frames") byte[] bytes, @ForAll @IntRange(min = 0, max = 40) int begin) {
        byte[] frames = new byte[begin + bytes.length];
        System.arraycopy(bytes, 0, frames, begin, bytes.length);
        try {
            int at = begin;
            while (at < frames.length) {
                int body = MessageHeader.bodyBytes(frames, at);
                assertTrue(body >= 0 && at + MessageHeader.BYTES + body <= frames.length);
                MessageHeader.isIntact(frames, at, body);
                for (byte kind = ControlFrame.OPEN; kind <= ControlFrame.HELLO; kind++) {
                    readAs(kind, frames, at, body);
                }
                at += MessageHeader.BYTES + body;
            }
        } catch (BadFrameException e) {
            assertNotNull(e.getMessage());
        }
    }

    private static void readAs(byte kind, byte[] frames, int at, int bodyBytes) {
        var body = ControlFrame.body(frames, at, bodyBytes);
        try {
            switch (kind) {
                case ControlFrame.GRANT -> ControlFrame.readGrant(body);
                case ControlFrame.RELEASED -> assertTrue(ControlFrame.readReleased(body) >= 0);
                case ControlFrame.LARGE ->
                    assertTrue(ControlFrame.readLarge(body, 1000).length() <= 1000);
                case ControlFrame.PERMIT_ASK -> assertTrue(ControlFrame.readPermitAsk(body) >= 0);
                case ControlFrame.RAIL_ENDED ->
                    assertTrue(ControlFrame.readRailEnded(MessageHeader.id(frames, at), body)
                                    .rail()
                            < Rail.RAILS_MAX);
                default -> assertTrue(ControlFrame.text(body).length() <= 200);
            }
        } catch (BadFrameException e) {
            assertNotNull(e.getMessage());
        }
    }
}
