package dev.weft.rpc.recorder;

import dev.weft.rpc.spi.CallRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Calls are read as they were packed; batches that were broken are read or refused, and nothing else happens. */
final class BatchProperties {
    private static CallRecord call(long seed) {
        Random random = new Random(seed);
        int service = random.nextInt(3);
        CallRecord call = new CallRecord(
                random.nextBoolean(),
                random.nextInt(4) == 0 ? "" : "peer " + random.nextInt(3),
                random.nextInt(4) == 0 ? null : Calls.method("s" + service, "m", service),
                any(random));
        call.callId = any(random);
        call.status = random.nextInt(16);
        call.secondNanos = stage(random, call);
        call.thirdNanos = stage(random, call);
        call.lastNanos = stage(random, call);
        call.requestBytes = random.nextInt(3) == 0 ? 5 : any(random);
        call.replyBytes = any(random);
        call.queueMicros = random.nextInt(-1, Integer.MAX_VALUE);
        call.handlerMicros = random.nextInt(-1, 3);
        call.traceHigh = random.nextInt(2) * random.nextLong();
        call.traceLow = random.nextInt(2) * random.nextLong();
        call.items =
                random.nextBoolean() ? null : new CallRecord.Items(any(random), any(random), any(random), any(random));
        return call;
    }

    /** Of any size up to two years in nanoseconds. */
    private static long any(Random random) {
        return random.nextLong(1L << 56) >>> random.nextInt(57);
    }

    private static long stage(Random random, CallRecord call) {
        return random.nextInt(3) == 0 ? CallRecord.NOT_REACHED : call.firstNanos + any(random);
    }

    private static byte[] bytes(List<Long> seeds) {
        Batch batch = new Batch();
        seeds.forEach(seed -> batch.add(call(seed)));
        ByteBuffer written = batch.end(1, 0, Instant.EPOCH, 0);
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    private static long after(long stage, CallRecord call) {
        return stage == CallRecord.NOT_REACHED ? RecordedCall.NOT_REACHED : stage - call.firstNanos;
    }

    @Property(tries = 500)
    void everyCallIsRead(@ForAll @Size(max = 50) List<Long> seeds) throws Exception {
        List<RecordedCall> calls = new ArrayList<>();
        new BatchReader(ByteBuffer.wrap(bytes(seeds))).read(calls::add);
        assert calls.size() == seeds.size();
        for (int i = 0; i < seeds.size(); i++) {
            CallRecord in = call(seeds.get(i));
            RecordedCall out = calls.get(i);
            assert out.server() == in.server : out;
            assert out.peer().equals(in.peer) : out;
            assert out.service().equals(in.method == null ? "" : in.method.service()) : out;
            assert out.callId() == in.callId : out;
            assert out.secondNanos() == after(in.secondNanos, in) : out;
            assert out.thirdNanos() == after(in.thirdNanos, in) : out;
            assert out.lastNanos() == after(in.lastNanos, in) : out;
            assert out.begun().equals(Instant.EPOCH.plusNanos(in.firstNanos)) : out;
            assert out.requestBytes() == in.requestBytes && out.replyBytes() == in.replyBytes : out;
            assert in.server || out.queueNanos() == (in.queueMicros < 0 ? -1 : in.queueMicros * 1000L) : out;
            assert in.server || out.handlerNanos() == (in.handlerMicros < 0 ? -1 : in.handlerMicros * 1000L) : out;
            assert out.traceId().high() == in.traceHigh && out.traceId().low() == in.traceLow : out;
            assert out.items().present() == (in.items != null) : out;
            assert in.items == null || out.items().bytesToClient() == in.items.bytesToCaller() : out;
            assert (out.status() == null) == (in.status == 0) : out;
        }
    }

    @Property(tries = 3000)
    void brokenBatchIsReadOrRefused(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 100_000) Integer> places,
            @ForAll @Size(min = 1, max = 8) List<Byte> values,
            @ForAll @IntRange(max = 1000) int cut) {
        byte[] bytes = bytes(List.of(1L, 5L, 1L << 40, 10L, 11L, 12L));
        for (int i = 0; i < places.size(); i++) {
            bytes[places.get(i) % bytes.length] = values.get(i % values.size());
        }
        ByteBuffer broken = ByteBuffer.wrap(bytes, 0, cut < bytes.length ? cut : bytes.length);
        try {
            new BatchReader(broken).read(call -> {});
        } catch (BatchReader.BadBatchException expected) {
            assert expected.getMessage() != null;
        }
    }
}
