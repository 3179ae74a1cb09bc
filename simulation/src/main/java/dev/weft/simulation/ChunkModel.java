package dev.weft.simulation;

import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What a chunk is, to a client: bytes, or nothing, and how many changes made it so. */
final class ChunkModel {
    static final ChunkModel ABSENT = new ChunkModel(null, 0);

    private final byte @Nullable [] bytes;
    private final long version;

    private ChunkModel(byte @Nullable [] bytes, long version) {
        this.bytes = bytes;
        this.version = version;
    }

    /** The chunk after the operation; null if that cannot have been answered so. An unknown answer may be any. */
    @Nullable
    ChunkModel after(Operation operation, Operation.@Nullable Answer answer) {
        return switch (operation) {
            case Operation.Read(int offset, int length) -> reads(offset, length, answer) ? this : null;
            case Operation.Remove() -> removed(answer);
            case Operation.Truncate(int length) -> {
                UpdateReply reply = reply(answer);
                yield reply != null && (reply.version() != version + 1 || reply.length() != length)
                        ? null
                        : next(bytes == null ? new byte[length] : Arrays.copyOf(bytes, length), reply);
            }
            case Operation.Write(int offset, byte[] written) -> {
                UpdateReply reply = reply(answer);
                int length = Math.max(bytes == null ? 0 : bytes.length, offset + written.length);
                if (reply != null && (reply.version() != version + 1 || reply.length() != length)) {
                    yield null;
                }
                byte[] next = bytes == null ? new byte[length] : Arrays.copyOf(bytes, length);
                System.arraycopy(written, 0, next, offset, written.length);
                yield next(next, reply);
            }
        };
    }

    /** The version that a chunk must have to answer so; -1 if the answer does not say. */
    static long versionBefore(Operation.@Nullable Answer answer) {
        return switch (answer) {
            case Operation.Answer.Changed(UpdateReply reply) -> reply.version() - 1;
            case Operation.Answer.Bytes(ReadResult.Found found) -> found.version();
            case Operation.Answer.Bytes _ -> -1;
            case null -> -1;
        };
    }

    long version() {
        return version;
    }

    private static @Nullable UpdateReply reply(Operation.@Nullable Answer answer) {
        return answer instanceof Operation.Answer.Changed(UpdateReply reply) ? reply : null;
    }

    private @Nullable ChunkModel next(byte[] next, @Nullable UpdateReply reply) {
        if (reply != null) {
            CRC32C checksum = new CRC32C();
            checksum.update(next);
            if (reply.checksum() != (int) checksum.getValue()) {
                return null;
            }
        }
        return new ChunkModel(next, version + 1);
    }

    private @Nullable ChunkModel removed(Operation.@Nullable Answer answer) {
        UpdateReply reply = reply(answer);
        long expected = bytes == null ? 0 : version + 1;
        return reply == null || reply.version() == expected ? ABSENT : null;
    }

    private boolean reads(int offset, int length, Operation.@Nullable Answer answer) {
        if (!(answer instanceof Operation.Answer.Bytes(ReadResult result))) {
            return true;
        }
        return switch (result) {
            case ReadResult.NotFound() -> bytes == null;
            case ReadResult.Failed _ -> true;
            case ReadResult.Found found -> {
                if (bytes == null || found.chunkLength() != bytes.length || found.version() != version) {
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
        long hash = bytes.length * 31L + version;
        for (byte each : bytes) {
            hash = (hash ^ each) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    @Override
    public String toString() {
        return bytes == null ? "nothing" : "version " + version + ", " + bytes.length + " bytes";
    }
}
