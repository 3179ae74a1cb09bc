package dev.weft.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class LinearizabilityTest {
    private static final ChunkId CHUNK = new ChunkId(1, 0);

    private final History history = new History();

    @Test
    void readsAfterWriteSeeIt() {
        end(write("one"), changed(1, "one"));
        end(read(), bytes(1, "one"));
        assertEquals(Linearizability.Verdict.LINEARIZABLE, verdict());
    }

    @Test
    void readThatMissesAnAcknowledgedWriteIsFound() {
        end(write("one"), changed(1, "one"));
        end(write("two"), changed(2, "two"));
        end(read(), bytes(1, "one"));
        assertEquals(Linearizability.Verdict.NOT_LINEARIZABLE, verdict());
    }

    @Test
    void oldValueAfterANewOneIsFoundEvenWhileTheWriteGoesOn() {
        end(write("one"), changed(1, "one"));
        write("two");
        end(read(), bytes(2, "two"));
        end(read(), bytes(1, "one"));
        assertEquals(Linearizability.Verdict.NOT_LINEARIZABLE, verdict());
    }

    @Test
    void unknownWriteMayHappenLate() {
        end(write("one"), changed(1, "one"));
        write("two");
        end(read(), bytes(1, "one"));
        end(read(), bytes(2, "two"));
        assertEquals(Linearizability.Verdict.LINEARIZABLE, verdict());
    }

    @Test
    void unknownWriteMayNeverHappen() {
        write("two");
        end(write("one"), changed(1, "one"));
        end(read(), bytes(1, "one"));
        assertEquals(Linearizability.Verdict.LINEARIZABLE, verdict());
    }

    @Test
    void unknownWriteDoesNotHappenTwice() {
        end(write("first"), changed(1, "first"));
        write("twice");
        end(write("other"), changed(3, "other"));
        end(read(), bytes(3, "other"));
        end(read(), bytes(4, "twice"));
        assertEquals(Linearizability.Verdict.NOT_LINEARIZABLE, verdict());
    }

    @Test
    void concurrentWritesTakeEitherOrder() {
        History.Entry one = write("one");
        History.Entry two = write("two");
        end(one, changed(2, "one"));
        end(two, changed(1, "two"));
        end(read(), bytes(2, "one"));
        assertEquals(Linearizability.Verdict.LINEARIZABLE, verdict());
    }

    @Test
    void aChunkThatIsCreatedAgainBeginsAboveItsLastVersion() {
        end(write("one"), changed(1, "one"));
        end(remove(), new Operation.Answer.Changed(new UpdateReply(2, 0, 0, 1)));
        end(write("two"), changed(7, "two"));
        end(read(), bytes(7, "two"));
        assertEquals(Linearizability.Verdict.LINEARIZABLE, verdict());
    }

    @Test
    void aVersionThatTheChunkHadBeforeItsRemovalIsFound() {
        end(write("one"), changed(1, "one"));
        end(write("two"), changed(2, "two"));
        end(remove(), new Operation.Answer.Changed(new UpdateReply(3, 0, 0, 1)));
        end(write("one"), changed(3, "one"));
        assertEquals(Linearizability.Verdict.NOT_LINEARIZABLE, verdict());
    }

    @Test
    void aVersionThatSkipsOneIsFound() {
        end(write("one"), changed(1, "one"));
        end(write("two"), changed(3, "two"));
        assertEquals(Linearizability.Verdict.NOT_LINEARIZABLE, verdict());
    }

    private History.Entry remove() {
        return history.call(CHUNK, new Operation.Remove(), "client", Duration.ZERO);
    }

    private History.Entry write(String text) {
        return history.call(CHUNK, new Operation.Write(0, ascii(text)), "client", Duration.ZERO);
    }

    private History.Entry read() {
        return history.call(CHUNK, new Operation.Read(0, 100), "client", Duration.ZERO);
    }

    private void end(History.Entry entry, Operation.Answer answer) {
        history.answered(entry, answer, Duration.ZERO);
    }

    private static Operation.Answer changed(long version, String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(ascii(text));
        return new Operation.Answer.Changed(new UpdateReply(version, text.length(), (int) checksum.getValue(), 1));
    }

    private static Operation.Answer bytes(long version, String text) {
        return new Operation.Answer.Bytes(
                new ReadResult.Found(version, text.length(), text.length(), 0, MemorySegment.ofArray(ascii(text))));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Linearizability.Verdict verdict() {
        return Linearizability.check(ChunkModel.ABSENT, history.byChunk().getOrDefault(CHUNK, List.of()))
                .verdict();
    }
}
