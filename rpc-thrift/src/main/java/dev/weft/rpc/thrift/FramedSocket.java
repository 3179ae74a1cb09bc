package dev.weft.rpc.thrift;

import dev.weft.rpc.Address;
import dev.weft.rpc.Clock;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A connection to a Thrift server, for one call at a time. */
final class FramedSocket {
    private static final System.Logger LOG = System.getLogger("dev.weft.rpc.thrift");

    /** A look at whether the server is still there takes a millisecond: not worth it so soon after its last answer. */
    private static final long FRESH_NANOS = 1_000_000_000;

    private final Socket socket = new Socket();
    private final Clock clock;
    private final InputStream in;
    private long heardNanos;

    /** Connects; blocks the calling thread, which should be virtual. */
    FramedSocket(Address address, Clock clock, long deadlineNanos) throws IOException {
        this.clock = clock;
        try {
            socket.connect(new InetSocketAddress(address.host(), address.port()), millisUntil(deadlineNanos));
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            heardNanos = clock.nanoTime();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Whether the server has ended the connection meanwhile, or sent what nobody asked for. */
    boolean hasEnded() {
        if (clock.nanoTime() - heardNanos < FRESH_NANOS) {
            return false;
        }
        try {
            socket.setSoTimeout(1);
            in.read();
            return true;
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    void send(MemorySegment message) throws IOException {
        int length = (int) message.byteSize();
        byte[] frame = new byte[4 + length];
        ByteBuffer.wrap(frame).putInt(length);
        MemorySegment.copy(message, ValueLayout.JAVA_BYTE, 0, frame, 4, length);
        socket.getOutputStream().write(frame);
    }

    /** The next frame without its length, whose memory is got as it comes. */
    MemorySegment receive(int bytesMax, long deadlineNanos) throws IOException {
        socket.setSoTimeout(millisUntil(deadlineNanos));
        int length = new DataInputStream(in).readInt();
        if (length < 0 || length > bytesMax) {
            throw new IOException("frame of " + Integer.toUnsignedString(length) + " bytes exceeds " + bytesMax);
        }
        byte[] frame = new byte[Math.min(length, 64 * 1024)];
        int count = 0;
        while (count < length) {
            if (count == frame.length) {
                frame = Arrays.copyOf(frame, (int) Math.min(length, 2L * count));
            }
            socket.setSoTimeout(millisUntil(deadlineNanos));
            int read = in.read(frame, count, frame.length - count);
            if (read < 0) {
                throw new IOException("the connection ended after " + count + " of " + length + " bytes");
            }
            count += read;
        }
        heardNanos = clock.nanoTime();
        return MemorySegment.ofArray(frame);
    }

    private int millisUntil(long deadlineNanos) throws SocketTimeoutException {
        long nanos = deadlineNanos - clock.nanoTime();
        if (nanos <= 0) {
            throw new SocketTimeoutException("the deadline has passed");
        }
        return Math.clamp(nanos / 1_000_000 + 1, 1, Integer.MAX_VALUE);
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a socket", e);
        }
    }
}
