package dev.weft.rpc.rdma;

import static com.ibm.disni.verbs.IbvSendWR.IBV_SEND_SIGNALED;

import com.ibm.disni.verbs.IbvSendWR;
import dev.weft.rpc.rdma.verbs.SendChain;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What a queue pair sends through its ring: buffers of frames as far as there are credits, and acknowledgements. Adds to
 * a chain, and posts nothing.
 *
 * <p>Under the queue pair's post lock, except for what says that it is for any thread or the poller's.
 */
final class RingSends {
    // The word that travels with each buffer: | type 8 | receipts 24 |
    private static final int TYPE_MASK = 0xFF00_0000;
    private static final int RECEIPTS_MASK = 0xFF_FFFF;
    private static final int WITH_MESSAGES = 1 << 24;
    private static final int ALONE = 2 << 24;

    /** Acknowledgements that may be under way beyond those that the peer has receives for. */
    private static final int ACKNOWLEDGEMENTS_SPARE = 4;

    private final SendChain chain;
    private final Ring ring;
    private final int index;
    private final int acknowledgementsMax;

    /** Of the capacity that both sides agreed on; set before the first message is sent. */
    private volatile SendWindow sendWindow;

    private volatile ReceiveWindow receiveWindow;
    private volatile boolean immediateData;

    /** Bytes in each buffer of the ring that is on its way. */
    private final int[] lengths;

    /** So that a sender without credits always has a send of which the device will report. */
    private int signalEvery;

    private int signalIn;
    private long acknowledgementsPosted;

    /** Written by the poller's thread. */
    private volatile long acknowledgementsDone;

    /** @param index of the queue pair at its poller */
    RingSends(SendChain chain, Ring ring, int index, int capacity, boolean immediateData) {
        this.chain = chain;
        this.ring = ring;
        this.index = index;
        this.immediateData = immediateData;
        this.acknowledgementsMax = acknowledgementsMax(capacity);
        this.signalEvery = signalEvery(capacity);
        this.sendWindow = new SendWindow(capacity);
        this.receiveWindow = new ReceiveWindow(ReceiveWindow.batchFor(capacity));
        this.lengths = new int[capacity];
    }

    private static int signalEvery(int capacity) {
        return Math.max(1, capacity / 4);
    }

    /** How many acknowledgements a queue pair may have under way. */
    static int acknowledgementsMax(int capacity) {
        return ReceiveWindow.receives(capacity) - capacity + ACKNOWLEDGEMENTS_SPARE;
    }

    /** What both sides can do, before the first message is sent. */
    void agree(int capacity, boolean immediate) {
        immediateData = immediate;
        signalEvery = signalEvery(capacity);
        sendWindow = new SendWindow(capacity);
        receiveWindow = new ReceiveWindow(ReceiveWindow.batchFor(capacity));
    }

    /** Whether the word travels beside the memory; for any thread. */
    boolean immediateData() {
        return immediateData;
    }

    // --- adding to the chain

    /** How many buffers can be sent now; for any thread. */
    int credits() {
        return sendWindow.free();
    }

    /** Adds a buffer with what waits in {@code outbox}; there is a credit. Returns its bytes. */
    int add(Outbox outbox, int bufferBytes) {
        int place = sendWindow.take();
        long at = ring.sendAt(place);
        int bytes = outbox.fill(ring.memory().asSlice(at + Ring.WORD_BYTES, bufferBytes));
        int flags = 0;
        if (--signalIn <= 0) {
            signalIn = signalEvery;
            flags = IBV_SEND_SIGNALED;
        }
        addBuffer(place, bytes, flags);
        return bytes;
    }

    /** Adds a buffer with one frame, and asks to be told when it has arrived; there is a credit. */
    void add(byte[] frame) {
        int place = sendWindow.take();
        long at = ring.sendAt(place) + Ring.WORD_BYTES;
        MemorySegment.copy(frame, 0, ring.memory(), ValueLayout.JAVA_BYTE, at, frame.length);
        addBuffer(place, frame.length, IBV_SEND_SIGNALED);
    }

    private void addBuffer(int place, int bytes, int flags) {
        lengths[place] = bytes;
        long id = WorkRequestId.of(index, WorkRequestId.SEND, sendWindow.sent());
        add(id, flags, ring.sendAt(place), bytes, WITH_MESSAGES | receiveWindow.acknowledge());
    }

    /** Whether the peer has to be told what was received; for any thread. */
    boolean isAcknowledgementDue() {
        return receiveWindow.isDue();
    }

    /** Adds that, if it is due still; false if it is not, or there is no room. */
    boolean addAcknowledgement() {
        if (!receiveWindow.isDue() || acknowledgementsPosted - acknowledgementsDone >= acknowledgementsMax) {
            return false;
        }
        long at = ring.acknowledgementAt((int) (acknowledgementsPosted % acknowledgementsMax));
        acknowledgementsPosted++;
        int flags = acknowledgementsPosted % 2 == 0 ? IBV_SEND_SIGNALED : 0;
        long id = WorkRequestId.of(index, WorkRequestId.ACKNOWLEDGEMENT, acknowledgementsPosted);
        add(id, flags, at, 0, ALONE | receiveWindow.acknowledge());
        return true;
    }

    /** Adds a send of {@code bytes} that follow the word at {@code at}. */
    private void add(long id, int flags, long at, int bytes, int word) {
        if (immediateData) {
            chain.add(id, IbvSendWR.IBV_WR_SEND_WITH_IMM, flags, word, 0, 0);
            if (bytes > 0) {
                chain.addSge(ring.memory().address() + at + Ring.WORD_BYTES, bytes, ring.lkey());
            }
        } else {
            MessageHeader.putWord(ring.memory(), at, word);
            chain.add(id, IbvSendWR.IBV_WR_SEND, flags, 0, 0, 0);
            chain.addSge(ring.memory().address() + at, Ring.WORD_BYTES + bytes, ring.lkey());
        }
    }

    // --- on the poller's thread

    /** The device has sent buffers, as {@link SendWindow#complete}. */
    void sent(int low32) {
        sendWindow.complete(low32);
    }

    /** The device has sent acknowledgements; {@code low32} as above. */
    void acknowledgementsSent(int low32) {
        long done = acknowledgementsDone;
        acknowledgementsDone = done + ((low32 - (int) done) & 0xFFFF_FFFFL);
    }

    /** A word has come: takes what it acknowledges. False if it cannot be. */
    boolean take(int word) {
        int type = word & TYPE_MASK;
        return (type == WITH_MESSAGES || type == ALONE) && sendWindow.acknowledge(word & RECEIPTS_MASK);
    }

    /** Whether the buffer that came with a word holds frames. Counts it, if so. */
    boolean takeMessages(int word) {
        boolean messages = (word & TYPE_MASK) == WITH_MESSAGES;
        if (messages) {
            receiveWindow.receive();
        }
        return messages;
    }

    // --- for the end; for any thread

    boolean isCompleted() {
        return sendWindow.isCompleted();
    }

    long received() {
        return receiveWindow.received();
    }

    long firstUnacknowledged() {
        return sendWindow.acknowledged();
    }

    /** Copies of the buffers that the peer is not known to have received, oldest first. Under the post lock. */
    List<byte[]> unacknowledged() {
        List<byte[]> buffers = new ArrayList<>();
        SendWindow window = sendWindow;
        for (long i = window.acknowledged(); i < window.sent(); i++) {
            int place = window.place(i);
            MemorySegment sent = ring.memory().asSlice(ring.sendAt(place) + Ring.WORD_BYTES, lengths[place]);
            buffers.add(sent.toArray(ValueLayout.JAVA_BYTE));
        }
        return buffers;
    }
}
