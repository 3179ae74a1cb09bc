package dev.weft.kv;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A dump of a store, format 1. Numbers are big-endian.
 *
 * <pre>
 *  0          7        8              16         20
 *  +----------+--------+--------------+----------+
 *  | WEFTDMP  | 1      | version i64  | crc u32  |      header: the store's version; crc32c of the bytes before
 *  +----------+--------+--------------+----------+
 *  | count u32 | bytes u32 | crc u32 | entries   |      block: crc32c of count, bytes and entries
 *  +-----------+-----------+---------+-----------+
 *    entry: key length u32, key, value length u32, value
 *  ...
 *  | 0         | 16        | crc u32 | entries u64, bytes u64 |   end: of the whole dump, keys and values
 * </pre>
 */
final class DumpFormat {
    static final byte[] MAGIC = "WEFTDMP".getBytes(StandardCharsets.US_ASCII);
    static final byte VERSION = 1;
    static final int HEADER_BYTES = 20;
    static final int BLOCK_HEADER_BYTES = 12;
    static final int END_BYTES = 16;

    /** Entries gather in a block up to this; one more entry may go beyond it. */
    static final int BLOCK_BYTES = 1 << 20;

    /** No block that was written is larger: a full one, and an entry with the longest key and value. */
    static final int BLOCK_BYTES_MAX = 4 << 20;

    private DumpFormat() {}

    static int crc(ByteBuffer... parts) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : parts) {
            crc.update(part.duplicate());
        }
        return (int) crc.getValue();
    }

    /** A block's header for {@code payload}. */
    static ByteBuffer blockHeader(int count, ByteBuffer payload) {
        ByteBuffer header = ByteBuffer.allocate(BLOCK_HEADER_BYTES);
        header.putInt(count).putInt(payload.remaining());
        header.putInt(crc(header.duplicate().flip(), payload));
        return header.flip();
    }
}
