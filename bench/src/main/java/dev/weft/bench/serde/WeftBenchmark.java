package dev.weft.bench.serde;

import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Weft's side: into a writer that is used again, as a connection does. */
@State(Scope.Thread)
public class WeftBenchmark {
    private final FileEntry entry = FileEntry.sample();
    private final SerdeWriter out = SerdeWriter.create(1024);
    private final MemorySegment encoded;

    public WeftBenchmark() {
        FileEntryCodec.CODEC.write(entry, out);
        encoded = MemorySegment.ofArray(out.toByteArray());
    }

    @Benchmark
    public int encode() {
        out.reset();
        FileEntryCodec.CODEC.write(entry, out);
        return out.arrayLength();
    }

    @Benchmark
    public FileEntry decode() {
        return FileEntryCodec.CODEC.read(SerdeReader.of(encoded));
    }

    /** Bytes of the message, for the report. */
    public int size() {
        return (int) encoded.byteSize();
    }
}
