package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.thrift.generated.Choice;
import dev.weft.rpc.thrift.generated.Everything;
import dev.weft.rpc.thrift.generated.Point;
import dev.weft.serde.Codec;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StructCodecTest {
    private static final Codec<Point> POINT = StructCodec.of(Point::new);

    private static <T> byte[] bytes(Codec<T> codec, T value) {
        SerdeWriter out = SerdeWriter.create(16);
        codec.write(value, out);
        return out.toByteArray();
    }

    private static <T> T value(Codec<T> codec, String hex) {
        return codec.read(SerdeReader.of(MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", "")))));
    }

    @Test
    void aStructIsItsCompactEncodingAfterItsLength() {
        // Length 5; field 1, i32, zigzag of 3; field 2, i32, zigzag of -4; the end.
        String golden = "05 15 06 15 07 00";
        assertEquals(golden, HexFormat.ofDelimiter(" ").formatHex(bytes(POINT, new Point(3, -4))));
        assertEquals(new Point(3, -4), value(POINT, golden));
    }

    @Test
    void everyTypeComesBack() {
        Codec<Everything> codec = StructCodec.of(Everything::new);
        byte[] bytes = bytes(codec, Samples.full());
        assertEquals(Samples.full(), codec.read(SerdeReader.of(MemorySegment.ofArray(bytes))));
    }

    @Test
    void wrongBytesAreRefused() {
        for (String bytes : List.of(
                "05 15 06 15 07", // cut
                "04 15 06 15 07 00", // a length that cuts the struct
                "06 15 06 15 07 00 00", // something after the end
                "02 1f 00", // a field of unknown type
                "06 19 fc ffffff7f")) { // a list that cannot be there
            assertThrows(SerdeException.class, () -> value(POINT, bytes), bytes);
        }
        assertThrows(SerdeException.class, () -> value(StructCodec.of(Everything::new), "01 00"));
    }

    @Test
    void structsTravelInWeftCalls() throws Exception {
        Drawing drawing = new Drawing() {
            @Override
            public Point mirror(Point point) {
                return new Point(point.y, point.x);
            }

            @Override
            public Sketch keep(Sketch sketch) {
                return sketch;
            }
        };
        try (RpcServer server = RpcServer.builder()
                        .bind(DrawingRpc.SERVICE, drawing)
                        .listen("tcp://127.0.0.1:0")
                        .start();
                RpcClient client = RpcClient.create()) {
            Drawing stub = client.stub(DrawingRpc.SERVICE, server.address());
            assertEquals(new Point(2, 1), stub.mirror(new Point(1, 2)));
            Sketch sketch = new Sketch(
                    "all", List.of(new Point(1, 1), new Point(2, 2)), Optional.of(Choice.text("yes")), Samples.full());
            assertEquals(sketch, stub.keep(sketch));
        }
    }
}
