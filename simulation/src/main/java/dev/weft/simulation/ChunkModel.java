package dev.weft.simulation;

import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a chunk is, to a client: bytes, or nothing, and a version, which each change makes greater by one. A chunk that is
 * created begins at any version above all that it had before.
 */
final class ChunkModel implements Linearizability.State<History.Entry, ChunkModel> {
    static final ChunkModel ABSENT = new ChunkModel(null, 0, true);

    private final byte @Nullable [] bytes;

    /** Of a chunk that is not there, the last that it had; the least that it can be if it is not exact. */
    private final long version;

    private final boolean exact;

    private ChunkModel(byte @Nullable [] bytes, long version, boolean exact) {
        this.bytes = bytes;
        this.version = version;
        this.exact = exact;
    }

    /** An unknown answer may be any. */
    @Override
    public @Nullable ChunkModel after(History.Entry entry) {
        Operation.@Nullable Answer answer = entry.answer;
        return switch (entry.operation) {
            case Operation.Read(int offset, int length) -> read(offset, length, answer);
            case Operation.Remove() -> removed(reply(answer));
            case Operation.Truncate(int length) ->
                next(bytes == null ? new byte[length] : Arrays.copyOf(bytes, length), reply(answer));
            case Operation.Write(int offset, byte[] written) -> {
                int length = Math.max(bytes == null ? 0 : bytes.length, offset + written.length);
                byte[] next = bytes == null ? new byte[length] : Arrays.copyOf(bytes, length);
                System.arraycopy(written, 0, next, offset, written.length);
                yield next(next, reply(answer));
            }
        };
    }

    /** The version that a chunk must have to answer so; -1 if the answer does not say. */
    private static long versionBefore(Operation.@Nullable Answer answer) {
        return switch (answer) {
            case Operation.Answer.Changed(UpdateReply reply) -> reply.version() - 1;
            case Operation.Answer.Bytes(ReadResult.Found found) -> found.version();
            case Operation.Answer.Bytes _ -> -1;
            case null -> -1;
        };
    }

    /** Counts the changes that have to happen before {@code next} at the least, as its answer names a version. */
    @Override
    public boolean canComeTo(History.Entry next, List<History.Entry> candidates) {
        long before = versionBefore(next.answer);
        if (before < 0) {
            return true;
        }
        if (before < version) {
            return false;
        }
        // Versions grow by one, but for those of a chunk that is created.
        if (!isExact() || candidates.stream().anyMatch(each -> each.operation instanceof Operation.Remove)) {
            return true;
        }
        long changes = candidates.stream()
                .filter(each -> each != next && !each.isRead())
                .count();
        return before - version <= changes;
    }

    /** Whether the next change makes the next version, and no later one. */
    private boolean isExact() {
        return bytes != null && exact;
    }

    private static @Nullable UpdateReply reply(Operation.@Nullable Answer answer) {
        return answer instanceof Operation.Answer.Changed(UpdateReply reply) ? reply : null;
    }

    private boolean mayBecome(long next) {
        return isExact() ? next == version + 1 : next > version;
    }

    private @Nullable ChunkModel next(byte[] next, @Nullable UpdateReply reply) {
        if (reply == null) {
            return new ChunkModel(next, version + 1, isExact());
        }
        CRC32C checksum = new CRC32C();
        checksum.update(next);
        boolean fits = mayBecome(reply.version())
                && reply.length() == next.length
                && reply.checksum() == (int) checksum.getValue();
        return fits ? new ChunkModel(next, reply.version(), true) : null;
    }

    private @Nullable ChunkModel removed(@Nullable UpdateReply reply) {
        if (bytes == null) {
            return reply == null || reply.version() == 0 ? this : null;
        }
        if (reply == null) {
            return new ChunkModel(null, version + 1, true);
        }
        return mayBecome(reply.version()) ? new ChunkModel(null, reply.version(), true) : null;
    }

    private @Nullable ChunkModel read(int offset, int length, Operation.@Nullable Answer answer) {
        if (!(answer instanceof Operation.Answer.Bytes(ReadResult result))) {
            return this;
        }
        return switch (result) {
            case ReadResult.NotFound() -> bytes == null ? this : null;
            case ReadResult.Failed _ -> this;
            case ReadResult.Found found -> {
                boolean known = exact ? found.version() == version : found.version() >= version;
                if (bytes == null || found.chunkLength() != bytes.length || !known) {
                    yield null;
                }
                int from = Math.min(offset, bytes.length);
                int to = Math.min(offset + length, bytes.length);
                byte[] read = found.bytes().toArray(ValueLayout.JAVA_BYTE);
                yield Arrays.equals(Arrays.copyOfRange(bytes, from, to), read)
                        ? new ChunkModel(bytes, found.version(), true)
                        : null;
            }
        };
    }

    /** The same for one pair of 2^64 that differ. */
    @Override
    public long fingerprint() {
        if (bytes == null) {
            return -1 - version;
        }
        long hash = bytes.length * 31L + version * 2 + (exact ? 1 : 0);
        for (byte each : bytes) {
            hash = (hash ^ each) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    @Override
    public String toString() {
        return bytes == null
                ? "nothing after version " + version
                : "version " + version + (exact ? "" : " or later") + ", " + bytes.length + " bytes";
    }
}
