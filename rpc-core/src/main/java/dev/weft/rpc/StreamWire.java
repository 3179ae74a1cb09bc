package dev.weft.rpc;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.serde.Codec;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;

/**
 * Bodies of the messages between the request and the reply of a call with streams; {@code docs/protocol/rpc.md} is the norm.
 *
 * <pre>
 * item:    0 number u64, from 0 | 8 flags u8 | 9 item
 * end:     0 count of items u64
 * credit:  0 items u64 | 8 bytes u64, both since the stream began
 * </pre>
 */
final class StreamWire {
    static final int ITEM_HEAD_BYTES = 9;
    static final int CREDIT_BYTES = 16;

    /** No stream is that long: so that sums cannot overflow. */
    static final long COUNT_MAX = Long.MAX_VALUE / 4;

    /** Fits most items without growing. */
    private static final int ITEM_BYTES_HINT = 96;

    /** What one side lets the other send in total. */
    record Credit(long items, long bytes) {}

    private StreamWire() {}

    static <T> SerdeWriter item(long number, T item, Codec<T> codec, int headroom, int compressionBytes) {
        SerdeWriter out = begin(headroom, ITEM_HEAD_BYTES + ITEM_BYTES_HINT);
        int at = out.claim(ITEM_HEAD_BYTES);
        out.setLong(at, number);
        out.setByte(at + 8, (byte) 0);
        if (compressionBytes == CallConfig.NO_COMPRESSION) {
            codec.write(item, out);
            return out;
        }
        SerdeWriter plain = SerdeWriter.create(ITEM_BYTES_HINT);
        codec.write(item, plain);
        boolean compressed = plain.size() >= compressionBytes;
        out.setByte(at + 8, (byte) (compressed ? CallWire.COMPRESSED : 0));
        CallWire.writeBody(plain, out, compressed);
        return out;
    }

    static <T> T item(InboundMessage message, Codec<T> codec, int maxMessageBytes) {
        SerdeReader in = SerdeReader.of(message.body());
        in.getLong();
        int flags = in.getByte();
        if ((flags & ~CallWire.COMPRESSED) != 0) {
            throw in.failure("item flags 0x" + Integer.toHexString(flags & 0xff));
        }
        return codec.read(flags == 0 ? in : SerdeReader.of(CallWire.decompress(in, maxMessageBytes)));
    }

    static SerdeWriter end(long items, int headroom) {
        SerdeWriter out = begin(headroom, Long.BYTES);
        out.putLong(items);
        return out;
    }

    static SerdeWriter credit(long items, long bytes, int headroom) {
        SerdeWriter out = begin(headroom, CREDIT_BYTES);
        writeCredit(out, items, bytes);
        return out;
    }

    static void writeCredit(SerdeWriter out, long items, long bytes) {
        out.putLong(items);
        out.putLong(bytes);
    }

    /** The number of an item, or the count of items in an end. */
    static long count(InboundMessage message) {
        return count(SerdeReader.of(message.body()));
    }

    static Credit credit(InboundMessage message) {
        return credit(SerdeReader.of(message.body()));
    }

    static Credit credit(SerdeReader in) {
        return new Credit(count(in), count(in));
    }

    /** How many items came before a reply; none if it is the reply of a call that was refused. */
    static long itemsBefore(InboundMessage reply) {
        SerdeReader in = SerdeReader.of(reply.body());
        in.getByte();
        boolean streamed = (in.getByte() & CallWire.ITEMS_BEFORE) != 0;
        in.getShort();
        in.getLong();
        return streamed ? count(in) : 0;
    }

    private static long count(SerdeReader in) throws SerdeException {
        long value = in.getLong();
        if (value < 0 || value > COUNT_MAX) {
            throw in.failure("count " + Long.toUnsignedString(value) + " exceeds " + COUNT_MAX);
        }
        return value;
    }

    private static SerdeWriter begin(int headroom, int bytes) {
        SerdeWriter out = SerdeWriter.create(headroom + bytes);
        out.claim(headroom);
        return out;
    }
}
