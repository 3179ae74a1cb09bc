package dev.weft.bench.serde;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.bench.serde.proto.ProtoChunk;
import dev.weft.bench.serde.proto.ProtoFileEntry;
import dev.weft.bench.serde.proto.ProtoState;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * protobuf-java's side: into an array that is used again. The message is built once, so that it knows its size from the
 * first round on: better than in a program, which encodes a message once.
 */
@State(Scope.Thread)
public class ProtobufBenchmark {
    private final ProtoFileEntry entry = of(FileEntry.sample());
    private final byte[] out = new byte[4096];
    private final byte[] encoded = entry.toByteArray();

    @Benchmark
    public int encode() throws IOException {
        CodedOutputStream stream = CodedOutputStream.newInstance(out);
        entry.writeTo(stream);
        return stream.getTotalBytesWritten();
    }

    @Benchmark
    public ProtoFileEntry decode() throws InvalidProtocolBufferException {
        return ProtoFileEntry.parseFrom(encoded);
    }

    /** Bytes of the message, for the report. */
    public int size() {
        return encoded.length;
    }

    private static ProtoFileEntry of(FileEntry entry) {
        ProtoFileEntry.Builder builder = ProtoFileEntry.newBuilder()
                .setId(entry.id())
                .setVersion(entry.version())
                .setActive(entry.active())
                .setName(entry.name())
                .setPath(entry.path())
                .setCreatedMillis(entry.createdMillis())
                .setModifiedMillis(entry.modifiedMillis())
                .setRatio(entry.ratio())
                .setScore(entry.score())
                .setOwner(entry.owner())
                .setGroup(entry.group())
                .setPermissions(entry.permissions())
                .setLength(entry.length())
                .setDigest(ByteString.copyFrom(entry.digest()))
                .setState(ProtoState.valueOf(entry.state().name()))
                .setContentType(entry.contentType())
                .setChunkSize(entry.chunkSize())
                .setGeneration(entry.generation())
                .addAllLabels(entry.labels());
        for (FileEntry.Chunk chunk : entry.chunks()) {
            builder.addChunks(ProtoChunk.newBuilder()
                    .setChain(chunk.chain())
                    .setIndex(chunk.index())
                    .setLength(chunk.length())
                    .setChecksum(chunk.checksum())
                    .setHost(chunk.host()));
        }
        return builder.build();
    }
}
