package dev.weft.kv;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes a {@link DumpFormat dump}. For one thread; closes nothing. */
final class DumpWriter {
    private final OutputStream out;
    private ByteBuffer block = ByteBuffer.allocate(DumpFormat.BLOCK_BYTES + (1 << 18));
    private int count;
    private long entries;
    private long bytes;

    DumpWriter(OutputStream out, long version) throws IOException {
        this.out = out;
        ByteBuffer header = ByteBuffer.allocate(DumpFormat.HEADER_BYTES);
        header.put(DumpFormat.MAGIC).put(DumpFormat.VERSION).putLong(version);
        header.putInt(DumpFormat.crc(header.duplicate().flip()));
        out.write(header.array());
    }

    void add(KeyValue entry) throws IOException {
        int more = 2 * Integer.BYTES + entry.key().length() + entry.value().length();
        if (count > 0 && (block.position() + more > DumpFormat.BLOCK_BYTES)) {
            flush();
        }
        if (block.remaining() < more) {
            block = ByteBuffer.allocate(more);
        }
        put(entry.key());
        put(entry.value());
        count++;
        entries++;
        bytes += entry.key().length() + entry.value().length();
    }

    private void put(Bytes part) {
        block.putInt(part.length()).put(part.unsafeArray());
    }

    private void flush() throws IOException {
        block.flip();
        out.write(DumpFormat.blockHeader(count, block).array());
        out.write(block.array(), 0, block.limit());
        block.clear();
        count = 0;
    }

    void end() throws IOException {
        if (count > 0) {
            flush();
        }
        ByteBuffer totals = ByteBuffer.allocate(DumpFormat.END_BYTES);
        totals.putLong(entries).putLong(bytes).flip();
        out.write(DumpFormat.blockHeader(0, totals).array());
        out.write(totals.array());
    }

    long entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }
}
