package dev.weft.rpc.tcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A short frame of the transport itself. */
final class ControlFrame extends SendItem {
    /** A message for people is cut to this many bytes. */
    private static final int TEXT_BYTES_MAX = 512;

    private final byte kind;
    private final long id;
    private final byte[] extension;
    private final byte[] body;

    private ControlFrame(byte kind, long id, byte[] extension, byte[] body) {
        this.kind = kind;
        this.id = id;
        this.extension = extension;
        this.body = body;
    }

    static ControlFrame plain(byte kind) {
        return new ControlFrame(kind, 0, new byte[0], new byte[0]);
    }

    static ControlFrame hello(int maxMessageBytes) {
        return new ControlFrame(FrameHeader.HELLO, 0, new byte[0], Hello.encode(maxMessageBytes));
    }

    static ControlFrame read(long id, long key, long address, long length) {
        byte[] extension = new byte[FrameHeader.MEMORY_EXTENSION_BYTES];
        littleEndian(extension).putLong(key).putLong(address).putLong(length);
        return new ControlFrame(FrameHeader.READ, id, extension, new byte[0]);
    }

    /** {@code status} as {@link dev.weft.rpc.StatusCode#wireValue}, 0 for success. */
    static ControlFrame done(long id, int status, String text) {
        byte[] extension = new byte[4];
        littleEndian(extension).putInt(status);
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        byte[] cut = body.length <= TEXT_BYTES_MAX ? body : Arrays.copyOf(body, TEXT_BYTES_MAX);
        return new ControlFrame(FrameHeader.DONE, id, extension, cut);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    long queuedBytes() {
        return 0;
    }

    @Override
    boolean isBulk() {
        return false;
    }

    @Override
    int frameBytesMax() {
        return FrameHeader.BYTES + extension.length + body.length;
    }

    @Override
    boolean emit(ByteBuffer out, CRC32C crc) {
        int at = out.position();
        out.position(at + FrameHeader.BYTES);
        out.put(extension).put(body);
        crc.reset();
        crc.update(body);
        FrameHeader.fillIn(out, at, body.length, kind, 0, extension.length, id, (int) crc.getValue(), crc);
        return true;
    }
}
