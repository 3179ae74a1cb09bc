package dev.weft.rpc.tcp;

import dev.weft.rpc.Address;
import dev.weft.rpc.spi.TransportConfig;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A peer that speaks the protocol byte by byte, and can get it wrong. */
final class RawPeer implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(10_000);
    }

    static RawPeer connect(Address server) throws IOException {
        return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), server.port()));
    }

    /** Connects and greets. */
    static RawPeer greet(Address server) throws IOException {
        RawPeer peer = connect(server);
        peer.send(hello());
        peer.readFrame();
        return peer;
    }

    static byte[] hello() {
        return frame(
                FrameHeader.HELLO,
                0,
                0,
                new byte[0],
                Hello.encode(TransportConfig.defaults().maxMessageBytes()));
    }

    static byte[] frame(int kind, int flags, long id, byte[] extension, byte[] body) {
        ByteBuffer out = ByteBuffer.allocate(FrameHeader.BYTES + extension.length + body.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(body);
        out.putInt(body.length)
                .put((byte) kind)
                .put((byte) flags)
                .put((byte) extension.length)
                .put((byte) 0);
        out.putLong(id).putInt((int) crc.getValue());
        crc.reset();
        crc.update(out.array(), 0, 20);
        crc.update(extension);
        out.putInt((int) crc.getValue()).put(extension).put(body);
        return out.array();
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("#[^\n]*|\\s", ""));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** One whole frame. */
    byte[] readFrame() throws IOException {
        byte[] header = in.readNBytes(FrameHeader.BYTES);
        if (header.length < FrameHeader.BYTES) {
            throw new EOFException("closed after " + header.length + " bytes");
        }
        ByteBuffer head = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        byte[] rest = in.readNBytes(FrameHeader.extensionBytes(head, 0) + FrameHeader.bodyBytes(head, 0));
        byte[] whole = java.util.Arrays.copyOf(header, header.length + rest.length);
        System.arraycopy(rest, 0, whole, header.length, rest.length);
        return whole;
    }

    /** Whether the other side closes the connection; skips what it sends before. */
    boolean isClosedByPeer() throws IOException {
        try {
            while (in.read() >= 0) {
                // What was sent before the end does not matter.
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
