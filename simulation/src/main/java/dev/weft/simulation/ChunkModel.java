package dev.weft.simulation;

import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What a chunk is, to a client: bytes, or nothing. */
final class ChunkModel {
    static final ChunkModel ABSENT = new ChunkModel(null);

    private final byte @Nullable [] bytes;

    ChunkModel(byte @Nullable [] bytes) {
        this.bytes = bytes;
    }

    /** The chunk after the operation; null if that cannot have been answered so. An unknown answer may be any. */
    @Nullable
    ChunkModel after(Operation operation, Operation.@Nullable Answer answer) {
        return switch (operation) {
            case Operation.Write(int offset, byte[] written) -> {
                int length = bytes == null ? 0 : bytes.length;
                byte[] next = new byte[Math.max(length, offset + written.length)];
                if (bytes != null) {
                    System.arraycopy(bytes, 0, next, 0, length);
                }
                System.arraycopy(written, 0, next, offset, written.length);
                yield new ChunkModel(next).ifAnswered(answer);
            }
            case Operation.Truncate(int length) ->
                new ChunkModel(bytes == null ? new byte[length] : Arrays.copyOf(bytes, length)).ifAnswered(answer);
            case Operation.Remove() -> ABSENT;
            case Operation.Read(int offset, int length) -> reads(offset, length, answer) ? this : null;
        };
    }

    private @Nullable ChunkModel ifAnswered(Operation.@Nullable Answer answer) {
        if (!(answer instanceof Operation.Answer.Changed(UpdateReply reply)) || bytes == null) {
            return this;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return reply.length() == bytes.length && reply.checksum() == (int) checksum.getValue() ? this : null;
    }

    private boolean reads(int offset, int length, Operation.@Nullable Answer answer) {
        if (!(answer instanceof Operation.Answer.Bytes(ReadResult result))) {
            return true;
        }
        return switch (result) {
            case ReadResult.NotFound() -> bytes == null;
            case ReadResult.Failed _ -> true;
            case ReadResult.Found found -> {
                if (bytes == null || found.chunkLength() != bytes.length) {
                    yield false;
                }
                int from = Math.min(offset, bytes.length);
                int to = Math.min(offset + length, bytes.length);
                yield Arrays.equals(
                        Arrays.copyOfRange(bytes, from, to), found.bytes().toArray(ValueLayout.JAVA_BYTE));
            }
        };
    }

    /** Differs between models that differ, but for one pair in 2^64. */
    long fingerprint() {
        if (bytes == null) {
            return -1;
        }
        long hash = bytes.length;
        for (byte each : bytes) {
            hash = (hash ^ each) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    @Override
    public String toString() {
        return bytes == null ? "nothing" : bytes.length + " bytes";
    }
}
