package dev.weft.rpc.thrift;

import dev.weft.rpc.Address;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.apache.thrift.TSerializable;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;

/** A peer that writes Thrift byte by byte, in the binary encoding, and can get it wrong. */
final class RawThrift implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    RawThrift(Address server) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(60_000);
        in = new DataInputStream(socket.getInputStream());
    }

    static byte[] message(String name, byte type, int sequence, TSerializable arguments) throws TException {
        TMemoryBuffer buffer = new TMemoryBuffer(64);
        TProtocol out = new TBinaryProtocol(buffer);
        out.writeMessageBegin(new TMessage(name, type, sequence));
        arguments.write(out);
        out.writeMessageEnd();
        return Arrays.copyOf(buffer.getArray(), buffer.length());
    }

    static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(4 + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Whether the other side has ended the connection rather than answered. */
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Waits for the end, whatever comes before it. */
    void awaitEnd() throws IOException {
        try {
            in.readAllBytes();
        } catch (SocketException reset) {
            // An end too.
        }
    }

    /** The next frame without its length. */
    byte[] bytes() throws IOException {
        byte[] message = new byte[in.readInt()];
        in.readFully(message);
        return message;
    }

    /** The next answer, its head read. */
    Answer answer() throws IOException, TException {
        TProtocol protocol = new TBinaryProtocol(new TMemoryInputTransport(bytes()));
        return new Answer(protocol.readMessageBegin(), protocol);
    }

    record Answer(TMessage head, TProtocol rest) {
        TApplicationException exception() throws TException {
            return TApplicationException.readFrom(rest);
        }
    }

    /** Leaves, whatever is on its way. */
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
