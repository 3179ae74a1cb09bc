package dev.weft.kv;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a {@link DumpFormat dump}, and believes nothing that it has not checked. For one thread; closes nothing.
 *
 * <p>Every method throws {@link IOException} for bytes that are not a dump.
 */
final class DumpReader {
    private final InputStream in;
    private final StoreLimits limits;
    private final long version;
    private Bytes last = Bytes.EMPTY;
    private long entries;
    private long bytes;

    DumpReader(InputStream in, StoreLimits limits) throws IOException {
        this.in = in;
        this.limits = limits;
        ByteBuffer header = read(DumpFormat.HEADER_BYTES, "header");
        byte[] magic = new byte[DumpFormat.MAGIC.length];
        header.get(magic);
        if (!Arrays.equals(magic, DumpFormat.MAGIC)) {
            throw new IOException("this is no dump of a key-value store: it begins with " + Bytes.wrap(magic));
        }
        byte format = header.get();
        if (format != DumpFormat.VERSION) {
            throw new IOException("the dump has format " + format + ", this version knows " + DumpFormat.VERSION);
        }
        version = header.getLong();
        checkCrc("header", header.getInt(), header.duplicate().position(0).limit(DumpFormat.HEADER_BYTES - 4));
    }

    long version() {
        return version;
    }

    long entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }

    /** The next entries, in key order; empty at the end, which has been checked then. */
    List<KeyValue> next() throws IOException {
        ByteBuffer header = read(DumpFormat.BLOCK_HEADER_BYTES, "block");
        int count = header.getInt();
        int length = header.getInt();
        if (count < 0 || length < 1 || length > DumpFormat.BLOCK_BYTES_MAX || count > length / (2 * Integer.BYTES)) {
            throw new IOException("a block cannot have " + Integer.toUnsignedString(count) + " entries in "
                    + Integer.toUnsignedString(length) + " bytes, at most " + DumpFormat.BLOCK_BYTES_MAX
                    + "; after " + entries + " entries");
        }
        ByteBuffer payload = read(length, "block");
        checkCrc("block", header.getInt(), header.duplicate().position(0).limit(8), payload);
        if (count == 0) {
            checkEnd(payload);
            return List.of();
        }
        List<KeyValue> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(entry(payload));
        }
        if (payload.hasRemaining()) {
            throw new IOException("a block has " + payload.remaining() + " bytes too many; after " + where());
        }
        return found;
    }

    private KeyValue entry(ByteBuffer payload) throws IOException {
        Bytes key = bytes(payload, 1, limits.keyBytesMax());
        Bytes value = bytes(payload, 0, limits.valueBytesMax());
        if (key.compareTo(last) <= 0) {
            throw new IOException("key " + key + " does not come after key " + last);
        }
        if (key.at(0) == (byte) 0xff) {
            throw new IOException("key " + key + " begins with the reserved byte ff");
        }
        last = key;
        entries++;
        bytes += key.length() + value.length();
        return new KeyValue(key, value);
    }

    private Bytes bytes(ByteBuffer payload, int min, int max) throws IOException {
        int length = payload.remaining() < Integer.BYTES ? -1 : payload.getInt();
        if (length < min || length > max || length > payload.remaining()) {
            throw new IOException("a length of " + length + " is not in " + min + ".." + max + ", with "
                    + payload.remaining() + " bytes left; after " + where());
        }
        byte[] part = new byte[length];
        payload.get(part);
        return Bytes.wrap(part);
    }

    private void checkEnd(ByteBuffer totals) throws IOException {
        if (totals.remaining() != DumpFormat.END_BYTES) {
            throw new IOException(
                    "the end of the dump has " + totals.remaining() + " bytes, not " + DumpFormat.END_BYTES);
        }
        long wanted = totals.getLong();
        long wantedBytes = totals.getLong();
        if (wanted != entries || wantedBytes != bytes) {
            throw new IOException("the dump should have " + wanted + " entries of " + wantedBytes + " bytes, and has "
                    + entries + " of " + bytes);
        }
        if (in.read() >= 0) {
            throw new IOException("the dump goes on after its end");
        }
    }

    private String where() {
        return entries + " entries, key " + last;
    }

    private ByteBuffer read(int length, String what) throws IOException {
        byte[] read = in.readNBytes(length);
        if (read.length < length) {
            throw new EOFException("the dump ends in the middle of a " + what + ", after " + where());
        }
        return ByteBuffer.wrap(read);
    }

    private static void checkCrc(String what, int wanted, ByteBuffer... parts) throws IOException {
        int found = DumpFormat.crc(parts);
        if (found != wanted) {
            throw new IOException(
                    String.format("a %s of the dump is damaged: checksum %08x, not %08x", what, found, wanted));
        }
    }
}
