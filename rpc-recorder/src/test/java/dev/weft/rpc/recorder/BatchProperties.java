package dev.weft.rpc.recorder;

import dev.weft.rpc.spi.CallRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Batches that were written are read; batches that were broken are read or refused, and nothing else happens. */
final class BatchProperties {
    private static byte[] batch(List<Long> times) {
        BatchWriter batches = new BatchWriter(1);
        batches.begin();
        for (long time : times) {
            CallRecord call = Calls.client("peer " + time % 3, time, time);
            call.lastNanos = time + (time >>> 3);
            call.traceLow = time % 2;
            call.streams = time % 5 == 0;
            batches.add(call);
        }
        ByteBuffer written = batches.end(0, Instant.EPOCH, 0);
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    @Property(tries = 200)
    void everyCallIsRead(@ForAll @Size(max = 50) List<@LongRange(min = 0, max = 1L << 50) Long> times)
            throws Exception {
        List<RecordedCall> calls = new ArrayList<>();
        new BatchReader().read(ByteBuffer.wrap(batch(times)), calls::add);
        for (int i = 0; i < times.size(); i++) {
            long time = times.get(i);
            RecordedCall call = calls.get(i);
            assert call.callId() == time : call;
            assert call.peer().equals("peer " + time % 3) : call;
            long error = Math.abs(call.totalNanos() - Math.max(time >>> 3, 2000));
            assert error <= Math.max(time >>> 3, 2000) / 1_000_000 : call + " is " + error + " ns off";
        }
        assert calls.size() == times.size();
    }

    @Property(tries = 2000)
    void brokenBatchIsReadOrRefused(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 100_000) Integer> places,
            @ForAll @Size(min = 1, max = 8) List<Byte> values,
            @ForAll @IntRange(max = 1000) int cut) {
        byte[] bytes = batch(List.of(1L, 5L, 1L << 40, 10L));
        for (int i = 0; i < places.size(); i++) {
            bytes[places.get(i) % bytes.length] = values.get(i % values.size());
        }
        ByteBuffer broken = ByteBuffer.wrap(bytes, 0, cut < bytes.length ? cut : bytes.length);
        try {
            new BatchReader().read(broken, call -> {});
        } catch (BatchReader.BadBatchException expected) {
            assert expected.getMessage() != null;
        }
    }
}
