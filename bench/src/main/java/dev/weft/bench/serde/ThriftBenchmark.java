package dev.weft.bench.serde;

import java.util.Arrays;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.transport.AutoExpandingBufferWriteTransport;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Thrift's side: TCompactProtocol into a buffer that is used again. */
@State(Scope.Thread)
public class ThriftBenchmark {
    private final FileEntry entry = FileEntry.sample();
    private final AutoExpandingBufferWriteTransport buffer;
    private final TCompactProtocol out;
    private final TMemoryInputTransport input;
    private final TCompactProtocol in;
    private final byte[] encoded;

    public ThriftBenchmark() {
        try {
            buffer = new AutoExpandingBufferWriteTransport(TConfiguration.DEFAULT, 4096, 2);
            out = new TCompactProtocol(buffer);
            TMemoryBuffer once = new TMemoryBuffer(4096);
            ThriftFileEntry.write(entry, new TCompactProtocol(once));
            encoded = Arrays.copyOf(once.getArray(), once.length());
            input = new TMemoryInputTransport(TConfiguration.DEFAULT);
            in = new TCompactProtocol(input);
        } catch (TException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Benchmark
    public int encode() throws TException {
        buffer.reset();
        ThriftFileEntry.write(entry, out);
        return buffer.getLength();
    }

    @Benchmark
    public FileEntry decode() throws TException {
        input.reset(encoded);
        return ThriftFileEntry.read(in);
    }

    /** Bytes of the message, for the report. */
    public int size() {
        return encoded.length;
    }
}
