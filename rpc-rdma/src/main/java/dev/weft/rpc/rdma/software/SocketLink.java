package dev.weft.rpc.rdma.software;

import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.foreign.MemorySegment;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One TCP connection between two processes, for one pair of queue pairs. All is done on the engine's thread. */
final class SocketLink implements SocketEngine.Attachment {
    private static final Logger LOGGER = System.getLogger(SocketLink.class.getName());

    private static final int FRAME_BYTES_MAX = Frame.HEADER_BYTES + Frame.PAYLOAD_BYTES_MAX;

    /** Some frames, so that a system call moves more than one. */
    private static final int BUFFER_BYTES = 4 * FRAME_BYTES_MAX;

    /** What the link tells, on the engine's thread. */
    interface Listener {
        void connected(SocketLink link);

        /** A frame of the connection manager; its payload comes next in the buffer. */
        void received(SocketLink link, Frame frame, ByteBuffer payload) throws IOException;

        /** It has ended: by the peer, a failure, or here. Called once. */
        void ended(SocketLink link, IOException cause);
    }

    private final SocketChannel channel;
    private final Listener listener;
    private final Frame frame = new Frame();
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final long inAddress = MemorySegment.ofBuffer(in).address();
    private final long outAddress = MemorySegment.ofBuffer(out).address();

    /** Frames of the connection manager that wait to be sent: a handful at most. */
    private final ArrayDeque<ByteBuffer> controls = new ArrayDeque<>();

    private @Nullable SelectionKey key;
    private @Nullable SocketPath path;
    private boolean closing;
    private boolean distrusted;
    private boolean ended;

    SocketLink(SocketChannel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    void register(SocketEngine engine, int operations) throws IOException {
        // Otherwise a small frame waits until the one before it is acknowledged.
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = engine.register(channel, operations, this);
    }

    SocketChannel channel() {
        return channel;
    }

    boolean isEnded() {
        return ended;
    }

    void setPath(SocketPath newPath) {
        path = newPath;
        if (distrusted) {
            newPath.distrust();
        }
        if (ended) {
            newPath.gone();
        }
    }

    /** Sends a frame of the connection manager. */
    void send(int type, int status, @Nullable Handshake handshake) {
        ByteBuffer control = ByteBuffer.allocate(FRAME_BYTES_MAX);
        control.position(Frame.HEADER_BYTES);
        if (handshake != null) {
            handshake.put(control);
        }
        control.flip();
        var header = new Frame().set(type, 0);
        header.payload = control.limit() - Frame.HEADER_BYTES;
        header.key = status;
        header.put(control);
        controls.add(control.position(0));
        pump();
    }

    /** Ends it once all that waits has been sent. */
    void closeWhenSent() {
        closing = true;
        pump();
    }

    @Override
    public void closeNow() {
        end(new EOFException("the provider is closed"));
    }

    @Override
    public void ready(SelectionKey readyKey) {
        try {
            if (readyKey.isConnectable()) {
                channel.finishConnect();
                readyKey.interestOps(SelectionKey.OP_READ);
                listener.connected(this);
            }
            if (readyKey.isValid() && readyKey.isReadable()) {
                read();
            }
            pump();
        } catch (ProtocolException e) {
            LOGGER.log(
                    Logger.Level.WARNING,
                    "a connection is broken off, its peer does not keep to the protocol: {0}",
                    e.getMessage());
            distrusted = true;
            if (path != null) {
                path.distrust();
            }
            end(e);
        } catch (IOException e) {
            end(e);
        }
    }

    private void read() throws IOException {
        int count = channel.read(in);
        if (count < 0) {
            throw new EOFException("the peer has ended the connection");
        }
        in.flip();
        while (!ended && frame.take(in)) {
            int next = in.position() + frame.payload;
            if (frame.type <= Frame.DISCONNECT) {
                listener.received(this, frame, in);
            } else if (path == null) {
                throw new ProtocolException("a frame of type " + frame.type + " before the connection is made");
            } else {
                path.received(frame, inAddress + in.position());
            }
            in.position(next);
        }
        in.compact();
    }

    /** Sends what there is to send, as far as the peer takes it. */
    void pump() {
        if (ended || key == null || !channel.isConnected()) {
            return;
        }
        try {
            boolean more = true;
            while (more) {
                fill();
                more = out.position() > 0 && flush();
            }
            if (closing && out.position() == 0) {
                throw new EOFException("closed");
            }
            key.interestOps(out.position() > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        } catch (IOException e) {
            end(e);
        }
    }

    private void fill() {
        while (!controls.isEmpty() && out.remaining() >= controls.element().remaining()) {
            out.put(controls.remove());
        }
        boolean more = controls.isEmpty() && path != null;
        while (more && out.remaining() >= 2 * FRAME_BYTES_MAX) {
            more = path != null && path.produce(out, outAddress);
        }
    }

    /** Says whether all went. */
    private boolean flush() throws IOException {
        out.flip();
        try {
            channel.write(out);
            return !out.hasRemaining();
        } finally {
            out.compact();
        }
    }

    private void end(IOException cause) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            channel.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        if (path != null) {
            path.gone();
        }
        listener.ended(this, cause);
    }
}
