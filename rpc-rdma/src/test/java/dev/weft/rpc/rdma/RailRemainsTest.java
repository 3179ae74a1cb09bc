package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RailRemainsTest {
    @ParameterizedTest
    @CsvSource({
        "0,           0,           10",
        "0,           3,           7",
        "4294967290,  4294967290,  10",
        "4294967290,  4294967293,  7",
        // The count has gone around in connect data, which has 32 bits for it.
        "4294967290,  2,           2",
        "8589934592,  5,           5",
        "8589934592,  8589934597,  5",
    })
    void whatThePeerHasIsNotSentAgain(long first, long received, int left) throws Exception {
        List<byte[]> buffers = remains(first).after(received);
        assertEquals(left, buffers.size());
        for (int i = 0; i < left; i++) {
            assertEquals(10 - left + i, buffers.get(i)[0]);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 11", "0, -1", "5, 4", "4294967290, 5", "8589934592, 4294967295"})
    void whatThePeerCannotHaveIsRefused(long first, long received) {
        assertThrows(BadFrameException.class, () -> remains(first).after(received));
    }

    @SuppressWarnings("NullAway") // the rail is not asked
    private static RailRemains remains(long first) {
        List<byte[]> buffers =
                IntStream.range(0, 10).mapToObj(i -> new byte[] {(byte) i}).toList();
        return new RailRemains(null, 1, 0, first, buffers);
    }
}
