package dev.weft.rpc.rdma;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import dev.weft.rpc.rdma.verbs.VerbsEnd;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import dev.weft.rpc.spi.MessageKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A peer that speaks the protocol byte by byte, and can get it wrong. Needs a device with immediate data. */
final class RawPeer implements AutoCloseable {
    static final int WITH_MESSAGES = 1 << 24;

    /** What it asks for: the smallest ring there is. */
    static final int RING_BUFFERS = 8;

    static final int BUFFER_BYTES = 512;

    /** By the number that an event has. */
    private static final List<EventType> EVENT_TYPES = List.of(EventType.values());

    private static final int SLOT_BYTES = 1024;
    private static final int SEND_AT = VerbsEnd.RECEIVES * SLOT_BYTES;
    private static final int LONG_AT = VerbsEnd.MEMORY_BYTES / 2;
    private static final int SEND_ID = -1;
    private static final int WAIT_MILLIS = 10_000;

    private final VerbsEnd end;
    private final byte[] reply;
    private boolean failed;

    /** A buffer that came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Received(int word, byte[] bytes) {}

    /** Connects; {@code request} is what the server gets as connect data. */
    RawPeer(VerbsProvider verbs, InetSocketAddress server, byte[] request) throws IOException {
        var events = verbs.cm().createEventChannel();
        end = new VerbsEnd(verbs, events, true, VerbsPair.resolve(events, Optional.empty(), server));
        for (int i = 0; i < VerbsEnd.RECEIVES; i++) {
            end.receive(i, (long) i * SLOT_BYTES, SLOT_BYTES);
        }
        try (Arena arena = Arena.ofConfined()) {
            end.id.connect(VerbsEnd.param(arena.allocateFrom(ValueLayout.JAVA_BYTE, request)));
        }
        RdmaCmEvent event = events.getCmEvent(WAIT_MILLIS);
        failed = event == null || EVENT_TYPES.get(event.getEvent()) != EventType.RDMA_CM_EVENT_ESTABLISHED;
        reply = failed ? new byte[0] : VerbsPair.privateData(event);
        if (event != null) {
            event.ackEvent();
        }
    }

    /** A request for a new connection that is as it should be. */
    static byte[] request(long id) {
        return new ConnectData.Request(
                        ConnectData.Kind.NEW,
                        0,
                        0,
                        true,
                        id,
                        ~id,
                        RING_BUFFERS,
                        BUFFER_BYTES,
                        1 << 20,
                        0,
                        0,
                        ConnectData.NO_EPOCH,
                        0)
                .toBytes();
    }

    boolean isConnected() {
        return !failed;
    }

    /** The server's connect data. */
    byte[] reply() {
        return reply;
    }

    /** Sends a buffer; at most {@link #BUFFER_BYTES}. */
    void send(int word, byte[] bytes) throws IOException {
        if (failed) {
            return;
        }
        MemorySegment.copy(bytes, 0, end.memory, ValueLayout.JAVA_BYTE, SEND_AT, bytes.length);
        try {
            end.post(
                    SEND_ID,
                    IbvSendWR.IBV_WR_SEND_WITH_IMM,
                    IbvSendWR.IBV_SEND_SIGNALED,
                    word,
                    SEND_AT,
                    bytes.length,
                    0,
                    0);
        } catch (IOException e) {
            failed = true; // the server was faster, and has ended the queue pair
        }
    }

    /** Offers a long message, the request of call 1. */
    void offer(byte[] message, int crc) throws IOException {
        MemorySegment.copy(message, 0, end.memory, ValueLayout.JAVA_BYTE, LONG_AT, message.length);
        MemoryKeys keys = new MemoryKeys(new int[] {0}, new int[] {end.region.getRkey()});
        var offer = new ControlFrame.Offer(1, end.address(LONG_AT), message.length, MessageKind.REQUEST, crc, keys);
        send(WITH_MESSAGES, ControlFrame.large(1, offer));
    }

    /** What the server answers to a call, as text. */
    String reply(long id) throws IOException, BadFrameException {
        for (Received received = receive(); received != null; received = receive()) {
            byte[] frames = received.bytes;
            for (int at = 0; at < frames.length; ) {
                int body = MessageHeader.bodyBytes(frames, at);
                if (MessageHeader.kind(frames, at) == MessageKind.REPLY && MessageHeader.id(frames, at) == id) {
                    return ControlFrame.text(ControlFrame.body(frames, at, body));
                }
                at += MessageHeader.BYTES + body;
            }
        }
        throw new IOException("the server ended the connection");
    }

    /** The next buffer from the server; null if the connection has ended. */
    @Nullable
    Received receive() throws IOException {
        while (!failed) {
            IbvWC completion = end.completion();
            if (completion.getStatus() != 0) {
                failed = true;
            } else if (completion.getWr_id() != SEND_ID) {
                long at = completion.getWr_id() * SLOT_BYTES;
                byte[] bytes = end.bytes(at, completion.getByte_len());
                int word = completion.getImm_data();
                end.receive(completion.getWr_id(), at, SLOT_BYTES);
                return new Received(word, bytes);
            }
        }
        return null;
    }

    /** Reads until the server says why it ends the connection; null if it ends it without. */
    @Nullable
    String reasonOfEnd() throws IOException, BadFrameException {
        for (Received received = receive(); received != null; received = receive()) {
            byte[] frames = received.bytes;
            for (int at = 0; at < frames.length; ) {
                int body = MessageHeader.bodyBytes(frames, at);
                if (MessageHeader.kind(frames, at) == ControlFrame.BYE) {
                    return ControlFrame.text(ControlFrame.body(frames, at, body));
                }
                at += MessageHeader.BYTES + body;
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        try {
            end.id.disconnect();
        } catch (IOException e) {
            failed = true; // the server was faster
        }
        end.close();
    }
}
