package dev.weft.rpc.tcp;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one connection into messages and one-sided transfers. Used by the loop's thread only.
 *
 * <p>All short messages that one read brought whole are copied out of the read buffer at once, into one array, and handed
 * over together. The body of any other frame goes where it belongs piece by piece, as it comes.
 */
final class FrameReader {
    private static final String CLOSED = "the peer closed the connection";

    /** Reads of one connection before others have their turn. */
    private static final int READS_MAX = 8;

    /** What is left of a body goes straight to where it belongs if it is so long; below that, another read costs more. */
    private static final int DIRECT_BYTES_MIN = 16 * 1024;

    /** While long bodies come, no more than this is read with the head of the next one. */
    private static final int HEAD_READ_BYTES = 8 * 1024;

    private final TcpConnection connection;
    private final Transfers transfers;
    private final MemoryServer memoryServer;
    private final Assemblies assemblies;
    private final CRC32C crc = new CRC32C();

    /** The beginning of a frame header whose rest has not come yet; null while there is none. */
    private byte @Nullable [] partialHeader;

    /** The body that is coming; null between frames. */
    private @Nullable BodySink body;

    private int bodyBytesLeft;
    private int bodyCrc;

    /** Whether the last body went straight to where it belongs, as the next one may. */
    private boolean direct;

    private final CRC32C bodyCrcSoFar = new CRC32C();

    // The messages of the current read.
    private @Nullable InboundMessage first;
    private @Nullable InboundMessage last;

    FrameReader(TcpConnection connection, Transfers transfers, MemoryServer memoryServer, TcpTransport transport) {
        this.connection = connection;
        this.transfers = transfers;
        this.memoryServer = memoryServer;
        this.assemblies = new Assemblies(transport.config(), transport.advance());
    }

    /** What the peer has sent already; less than the header of a frame. */
    void begin(byte[] first) {
        partialHeader = first.length == 0 ? null : first;
    }

    /**
     * Reads what is there, and hands it over. Reads again at once while a long body is coming, which is likely to have more
     * by then, but not for ever, as the loop has other connections.
     */
    void read(SocketChannel channel, ByteBuffer in) throws IOException, BadFrameException {
        int reads = 0;
        do {
            reads++;
        } while (readOnce(channel, in) && (body != null || direct) && reads < READS_MAX);
    }

    /** Whether anything came. */
    private boolean readOnce(SocketChannel channel, ByteBuffer in) throws IOException, BadFrameException {
        if (body != null && bodyBytesLeft >= DIRECT_BYTES_MIN) {
            int count = body.readFrom(channel, bodyBytesLeft, bodyCrcSoFar);
            if (count != BodySink.NOT_DIRECT) {
                return tookDirectly(body, count);
            }
        }
        in.clear();
        if (direct) {
            in.limit(HEAD_READ_BYTES);
            direct = false;
        }
        if (partialHeader != null) {
            in.put(partialHeader);
            partialHeader = null;
        }
        int count = channel.read(in);
        if (count < 0) {
            connection.close(CLOSED);
            return false;
        }
        in.flip();
        try {
            parse(in);
        } finally {
            deliver();
        }
        return count > 0;
    }

    private boolean tookDirectly(BodySink sink, int count) throws BadFrameException {
        if (count < 0) {
            connection.close(CLOSED);
            return false;
        }
        bodyBytesLeft -= count;
        if (bodyBytesLeft == 0) {
            direct = true;
            endBody(sink);
        }
        return count > 0;
    }

    void onClosed() {
        assemblies.clear();
    }

    private void parse(ByteBuffer in) throws BadFrameException {
        while (in.hasRemaining()) {
            if (body != null) {
                takeBody(body, in);
            } else if (!hasHeader(in)) {
                keepHeader(in);
            } else {
                takeFrame(in);
            }
        }
    }

    private static boolean hasHeader(ByteBuffer in) {
        return in.remaining() >= FrameHeader.BYTES
                && in.remaining() >= FrameHeader.BYTES + FrameHeader.extensionBytes(in, in.position());
    }

    private void keepHeader(ByteBuffer in) throws BadFrameException {
        if (in.remaining() >= FrameHeader.BYTES + FrameHeader.EXTENSION_BYTES_MAX) {
            throw new BadFrameException("frame header extension of "
                    + FrameHeader.extensionBytes(in, in.position()) + " bytes exceeds "
                    + FrameHeader.EXTENSION_BYTES_MAX);
        }
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        partialHeader = rest;
    }

    private void takeFrame(ByteBuffer in) throws BadFrameException {
        int at = in.position();
        int bodyBytes = checkedBodyBytes(in, at);
        if (isShortMessage(in, at) && in.remaining() >= FrameHeader.BYTES + bodyBytes) {
            takeShortMessages(in);
            return;
        }
        in.position(at + FrameHeader.BYTES + FrameHeader.extensionBytes(in, at));
        body = sink(in, at, bodyBytes);
        bodyBytesLeft = bodyBytes;
        bodyCrc = FrameHeader.bodyCrc(in, at);
        bodyCrcSoFar.reset();
        if (bodyBytes == 0) {
            endBody(body);
        }
    }

    private int checkedBodyBytes(ByteBuffer in, int at) throws BadFrameException {
        String defect = FrameHeader.defect(in, at, crc);
        if (defect != null) {
            throw new BadFrameException(defect);
        }
        if (!connection.isGreeted() && FrameHeader.kind(in, at) != FrameHeader.HELLO) {
            throw new BadFrameException("frame of kind " + FrameHeader.kind(in, at) + " before the greeting");
        }
        return FrameHeader.bodyBytes(in, at);
    }

    private static boolean isShortMessage(ByteBuffer in, int at) {
        byte kind = FrameHeader.kind(in, at);
        return MessageKind.isKnown(kind) && FrameHeader.extensionBytes(in, at) == 0 && FrameHeader.flags(in, at) == 0;
    }

    /** Copies the run of whole short messages that begins at the position, in one piece. */
    private void takeShortMessages(ByteBuffer in) throws BadFrameException {
        int begin = in.position();
        int end = begin;
        int limit = in.limit();
        while (limit - end >= FrameHeader.BYTES && isShortMessage(in, end)) {
            int next = end + FrameHeader.BYTES + checkedBodyBytes(in, end);
            if (next > limit) {
                break;
            }
            end = next;
        }
        byte[] run = new byte[end - begin];
        in.get(run);
        MemorySegment segment = MemorySegment.ofArray(run);
        int at = begin;
        while (at < end) {
            int bodyBytes = FrameHeader.bodyBytes(in, at);
            int bodyAt = at - begin + FrameHeader.BYTES;
            crc.reset();
            crc.update(run, bodyAt, bodyBytes);
            boolean corrupt = (int) crc.getValue() != FrameHeader.bodyCrc(in, at);
            add(new InboundMessage(
                    FrameHeader.kind(in, at), FrameHeader.id(in, at), segment.asSlice(bodyAt, bodyBytes), corrupt));
            at += FrameHeader.BYTES + bodyBytes;
        }
    }

    /** Where the body of the frame at {@code at} goes. */
    private BodySink sink(ByteBuffer in, int at, int bodyBytes) throws BadFrameException {
        byte kind = FrameHeader.kind(in, at);
        int extensionBytes = FrameHeader.extensionBytes(in, at);
        int extensionAt = at + FrameHeader.BYTES;
        long id = FrameHeader.id(in, at);
        return switch (kind) {
            case FrameHeader.DATA -> {
                requireExtension(kind, extensionBytes, 8);
                yield transfers.data(id, in.getLong(extensionAt));
            }
            case FrameHeader.WRITE -> {
                requireExtension(kind, extensionBytes, FrameHeader.MEMORY_EXTENSION_BYTES);
                long following = in.getLong(extensionAt + 16);
                yield memoryServer.write(
                        id, in.getLong(extensionAt), in.getLong(extensionAt + 8), following, bodyBytes);
            }
            case FrameHeader.READ -> {
                requireExtension(kind, extensionBytes, FrameHeader.MEMORY_EXTENSION_BYTES);
                memoryServer.read(
                        id, in.getLong(extensionAt), in.getLong(extensionAt + 8), in.getLong(extensionAt + 16));
                yield BodySink.DISCARD;
            }
            case FrameHeader.DONE -> {
                requireExtension(kind, extensionBytes, 4);
                int status = in.getInt(extensionAt);
                yield new ShortBody(bodyBytes, text -> transfers.done(id, status, text));
            }
            case FrameHeader.HELLO -> {
                requireExtension(kind, extensionBytes, 0);
                yield new ShortBody(bodyBytes, bytes -> connection.greeted(decodeHello(bytes)));
            }
            case FrameHeader.PING -> {
                connection.submit(ControlFrame.plain(FrameHeader.PONG));
                yield BodySink.DISCARD;
            }
            case FrameHeader.PONG -> BodySink.DISCARD;
            default -> {
                if (!MessageKind.isKnown(kind)) {
                    throw new BadFrameException("frame of unknown kind " + kind);
                }
                yield messageSink(in, at, kind, id, bodyBytes);
            }
        };
    }

    private BodySink messageSink(ByteBuffer in, int at, byte kind, long id, int bodyBytes) throws BadFrameException {
        int flags = FrameHeader.flags(in, at);
        int extensionBytes = FrameHeader.extensionBytes(in, at);
        if ((flags & FrameHeader.FRAGMENT) == 0) {
            requireExtension(kind, extensionBytes, 0);
            return assemblies.whole(kind, id, bodyBytes, this::add);
        }
        requireExtension(kind, extensionBytes, FrameHeader.FRAGMENT_EXTENSION_BYTES);
        if ((flags & FrameHeader.ABORTED) != 0) {
            return assemblies.aborted(kind, id);
        }
        int total = in.getInt(at + FrameHeader.BYTES);
        int offset = in.getInt(at + FrameHeader.BYTES + 4);
        return assemblies.fragment(kind, id, total, offset, bodyBytes, this::add);
    }

    private static Hello decodeHello(byte[] bytes) throws BadFrameException {
        try {
            return Hello.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new BadFrameException(String.valueOf(e.getMessage()));
        }
    }

    private static void requireExtension(byte kind, int bytes, int expected) throws BadFrameException {
        if (bytes != expected) {
            throw new BadFrameException(
                    "frame of kind " + kind + " with an extension of " + bytes + " bytes, not " + expected);
        }
    }

    private void takeBody(BodySink sink, ByteBuffer in) throws BadFrameException {
        int count = Math.min(in.remaining(), bodyBytesLeft);
        int limit = in.limit();
        int end = in.position() + count;
        in.limit(end);
        int begin = in.position();
        bodyCrcSoFar.update(in);
        in.position(begin);
        sink.accept(in);
        in.limit(limit).position(end);
        bodyBytesLeft -= count;
        if (bodyBytesLeft == 0) {
            endBody(sink);
        }
    }

    private void endBody(BodySink sink) throws BadFrameException {
        body = null;
        sink.end((int) bodyCrcSoFar.getValue() == bodyCrc);
    }

    private void add(InboundMessage message) {
        if (last == null) {
            first = message;
        } else {
            last.setNext(message);
        }
        last = message;
    }

    private void deliver() {
        InboundMessage messages = first;
        if (messages != null) {
            first = null;
            last = null;
            connection.handler().onMessages(messages);
        }
    }
}
