package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.ibm.disni.verbs.IbvSendWR;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.QpSettings;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("rdma")
class FfmSettingsTest {
    private static final OptionalInt NONE = OptionalInt.empty();

    private static VerbsFixture fixture;
    private static Device device;
    private static int gidIndex;

    @BeforeAll
    static void open() throws IOException {
        fixture = Lab.fixture();
        device = fixture.server().devices().getFirst();
        gidIndex = device.ports().getFirst().gids().stream()
                .filter(gid -> gid.address().filter(fixture.address()::equals).isPresent())
                .findFirst()
                .orElseThrow()
                .index();
    }

    @AfterAll
    static void close() {
        if (fixture != null) {
            fixture.server().close();
        }
    }

    @Test
    void reachTheQueuePairsOfBothEnds() throws IOException {
        assumeFalse(device.isIwarp());
        var settings = new QpSettings(
                0x68, OptionalInt.of(3), OptionalInt.of(gidIndex), OptionalInt.of(0), OptionalInt.of(512), 18, 5, 8);
        try (var pair = new VerbsPair(fixture, settings)) {
            for (var end : List.of(pair.client, pair.server)) {
                MemorySegment attributes = query((FfmQp) end.qp);
                assertEquals(2, attributes.get(ValueLayout.JAVA_INT, Layouts.QpAttr.PATH_MTU));
                assertEquals(18, attributes.get(ValueLayout.JAVA_BYTE, Layouts.QpAttr.TIMEOUT));
                assertEquals(5, attributes.get(ValueLayout.JAVA_BYTE, Layouts.QpAttr.RETRY_CNT));
                assertEquals(8, attributes.get(ValueLayout.JAVA_BYTE, Layouts.QpAttr.MAX_RD_ATOMIC));
                assertEquals(8, attributes.get(ValueLayout.JAVA_BYTE, Layouts.QpAttr.MAX_DEST_RD_ATOMIC));
                assertEquals(gidIndex, attributes.get(ValueLayout.JAVA_BYTE, Layouts.QpAttr.SGID_INDEX));
                assertEquals(0x68, attributes.get(ValueLayout.JAVA_BYTE, Layouts.QpAttr.TRAFFIC_CLASS));
            }
            transfer(pair);
        }
    }

    @Test
    void bringReadsAlsoWithoutTransitionsOfOurOwn() throws IOException {
        try (var pair = new VerbsPair(fixture, QpSettings.defaults())) {
            MemorySegment attributes = query((FfmQp) pair.client.qp);
            if (!device.isIwarp()) {
                assertEquals(16, attributes.get(ValueLayout.JAVA_BYTE, Layouts.QpAttr.MAX_RD_ATOMIC));
            }
            transfer(pair);
        }
    }

    private static void transfer(VerbsPair pair) throws IOException {
        pair.client.memory.set(ValueLayout.JAVA_LONG, 0, 42);
        pair.client.oneSided(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 50_000, pair.server);
        pair.client.success(1);
        pair.client.memory.fill((byte) 0);
        pair.client.oneSided(2, IbvSendWR.IBV_WR_RDMA_READ, 0, 50_000, pair.server);
        pair.client.success(2);
        assertEquals(42, pair.client.memory.get(ValueLayout.JAVA_LONG, 0));
    }

    @Test
    void areRefusedByNameWhenTheDeviceCannotDoThem() {
        if (device.isIwarp()) {
            assertRefused("service-level", new QpSettings(0, OptionalInt.of(1), NONE, NONE, NONE, 14, 7, 16));
            assertRefused("mtu-bytes", new QpSettings(0, NONE, NONE, NONE, OptionalInt.of(1024), 14, 7, 16));
            assertRefused("timeout-exponent", new QpSettings(0, NONE, NONE, NONE, NONE, 15, 7, 16));
        } else {
            assertRefused("gid-index", new QpSettings(0, NONE, OptionalInt.of(gidIndex + 7), NONE, NONE, 14, 7, 16));
        }
    }

    private static void assertRefused(String setting, QpSettings settings) {
        var refused = assertThrows(IOException.class, () -> new VerbsPair(fixture, settings).close());
        assertTrue(String.valueOf(refused.getMessage()).startsWith(setting), refused.toString());
    }

    private static MemorySegment query(FfmQp qp) throws IOException {
        Arena arena = Arena.ofAuto();
        MemorySegment attributes = arena.allocate(Layouts.QpAttr.SIZE, Long.BYTES);
        MemorySegment initial = arena.allocate(Layouts.QpInitAttr.SIZE, Long.BYTES);
        NativeFunction.integer(NativeLibrary.LIBIBVERBS, "ibv_query_qp", 4)
                .call(qp.address, attributes.address(), (1 << 21) - 1, initial.address());
        return attributes;
    }
}
