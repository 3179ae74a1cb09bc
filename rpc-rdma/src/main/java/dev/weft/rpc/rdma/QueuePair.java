package dev.weft.rpc.rdma;

import static com.ibm.disni.verbs.IbvSendWR.IBV_SEND_FENCE;
import static com.ibm.disni.verbs.IbvSendWR.IBV_SEND_SIGNALED;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import com.ibm.disni.verbs.RdmaCmId;
import dev.weft.rpc.rdma.verbs.RecvChain;
import dev.weft.rpc.rdma.verbs.SendChain;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One queue pair of a rail, from its making to its end: rings, credits, and the work requests under way. It is never made
 * good again; a rail that lost its queue pair gets a new one.
 *
 * <p>{@link #onCompletion} and {@link #afterPoll} are for the poller's thread; everything else is for any.
 */
final class QueuePair {
    // What a work request was, in its id: | index 16 | kind 8 | value 40 |
    private static final int SEND = 1;
    private static final int RECEIVE = 2;
    private static final int ACKNOWLEDGEMENT = 3;
    private static final int TRANSFER = 4;
    private static final int PROBE = 5;

    // The word that travels with each buffer: | type 8 | receipts 24 |
    private static final int WITH_MESSAGES = 1 << 24;
    private static final int ALONE = 2 << 24;

    // Of IbvWcStatus.
    private static final int SUCCESS = 0;
    private static final int FLUSHED = 5;

    /** Buffers posted at once. */
    private static final int SENDS_PER_POST_MAX = 16;

    private static final int SGE_MAX = 16;

    private final Rail rail;
    private final OpenDevice device;
    private final RdmaCmId id;
    private final int epoch;
    private final RdmaConfig config;
    private final RdmaCounters counters;
    private final int index;
    private final int entries;
    private final int number;
    private final Ring ring;
    private final SendChain sends;
    private final RecvChain receives;
    private final int acknowledgementsMax;
    private final PostedTransfers transfers;
    private final int maxSge;
    private final ReentrantLock postLock = new ReentrantLock();

    /** Of the capacity that both sides agreed on; set before the first message is sent. */
    private volatile SendWindow sendWindow;

    private volatile ReceiveWindow receiveWindow;

    private volatile boolean immediateData;
    private volatile int bufferBytes;

    /** Bytes in each buffer of the ring that is on its way. */
    @GuardedBy("postLock")
    private final int[] lengths;

    @GuardedBy("postLock")
    private int signalIn;

    @GuardedBy("postLock")
    private long acknowledgementsPosted;

    /** Written by the poller's thread. */
    private volatile long acknowledgementsDone;

    @GuardedBy("postLock")
    private boolean probing;

    @GuardedBy("postLock")
    private int unanswered;

    /** No more posts. */
    private volatile boolean closed;

    private volatile boolean adopted;
    private final AtomicBoolean ending = new AtomicBoolean();

    // Used by the poller's thread only.
    boolean touched;
    private boolean windowMoved;
    private int receivesPosted;

    /** Receives complete in the order in which they were posted. */
    private int nextReceive;

    /** Receives that the device still has. Written by the poller's thread. */
    private volatile int receivesOutstanding;

    private volatile boolean heard;

    QueuePair(
            Rail rail,
            OpenDevice device,
            RdmaCmId id,
            int epoch,
            VerbsProvider provider,
            RdmaConfig config,
            RdmaCounters counters)
            throws IOException {
        this.rail = rail;
        this.device = device;
        this.id = id;
        this.epoch = epoch;
        this.config = config;
        this.counters = counters;
        this.bufferBytes = config.bufferBytes();
        this.immediateData = device.immediateData();
        int capacity = config.ringBuffers();
        this.sendWindow = new SendWindow(capacity);
        this.receiveWindow = new ReceiveWindow(ReceiveWindow.batchFor(capacity));
        this.lengths = new int[capacity];
        int receiveCount = ReceiveWindow.receives(capacity);
        this.acknowledgementsMax = receiveCount - capacity + 4;
        this.transfers = new PostedTransfers(config.requestsMax());
        this.maxSge = Math.min(SGE_MAX, device.info().maxSge());
        int sendRequests = capacity + acknowledgementsMax + config.requestsMax() + 1;
        this.entries = sendRequests + receiveCount;
        this.index = device.poller().add(this, entries);
        if (index < 0) {
            throw new IOException("the completion queue of " + device.name() + " is full: too many connections");
        }
        this.ring = makeRing(capacity, receiveCount);
        try {
            IbvQP made = id.createQP(device.pd(), attributes(sendRequests, receiveCount));
            this.number = made.getQp_num();
            int chain = Math.max(SENDS_PER_POST_MAX, config.requestsPerPost());
            this.sends = provider.sendChain(made, chain, maxSge);
            this.receives = provider.recvChain(made, receiveCount);
            counters.queuePairs.increment();
            postAllReceives(receiveCount);
        } catch (IOException e) {
            if (id.getQp() != null) {
                id.destroyQP();
            }
            ring.close();
            device.poller().remove(this, index, entries);
            throw e;
        }
    }

    private Ring makeRing(int capacity, int receiveCount) throws IOException {
        try {
            return new Ring(device, capacity, receiveCount, acknowledgementsMax, bufferBytes);
        } catch (IOException e) {
            device.poller().remove(this, index, entries);
            throw e;
        }
    }

    private IbvQPInitAttr attributes(int sendRequests, int receiveCount) {
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        attributes.cap().setMax_send_wr(sendRequests);
        attributes.cap().setMax_recv_wr(receiveCount);
        attributes.cap().setMax_send_sge(maxSge);
        attributes.cap().setMax_recv_sge(1);
        attributes.cap().setMax_inline_data(0);
        attributes.setQp_type(IbvQP.IBV_QPT_RC);
        attributes.setSend_cq(device.poller().queue());
        attributes.setRecv_cq(device.poller().queue());
        attributes.setSq_sig_all((byte) 0);
        return attributes;
    }

    private void postAllReceives(int count) throws IOException {
        for (int place = 0; place < count; place++) {
            addReceive(place);
        }
        receivesOutstanding = count;
        receives.execute();
        receives.clear();
    }

    Rail rail() {
        return rail;
    }

    OpenDevice device() {
        return device;
    }

    RdmaCmId id() {
        return id;
    }

    /** By which the device calls it. */
    int number() {
        return number;
    }

    int epoch() {
        return epoch;
    }

    /** Longest message with its header that fits into a buffer on both sides. */
    int bufferBytes() {
        return bufferBytes;
    }

    /** What both sides can do, before the first message is sent. */
    void agree(int ringBuffers, int bytes, boolean immediate) {
        bufferBytes = bytes;
        immediateData = immediate;
        sendWindow = new SendWindow(ringBuffers);
        receiveWindow = new ReceiveWindow(ReceiveWindow.batchFor(ringBuffers));
    }

    // --- sending messages

    /** Whether a buffer can be sent now. */
    boolean hasCredit() {
        return !closed && sendWindow.free() > 0;
    }

    int credits() {
        return closed ? 0 : sendWindow.free();
    }

    /** Sends what waits in {@code outbox} as far as there are credits. By the thread that was elected to write. */
    void send(Outbox outbox) {
        postLock.lock();
        try {
            if (closed) {
                return;
            }
            sends.clear();
            while (sends.size() < SENDS_PER_POST_MAX && sendWindow.free() > 0 && outbox.hasNext()) {
                addBuffer(outbox);
            }
            if (sends.size() > 0) {
                post();
            }
        } finally {
            postLock.unlock();
        }
    }

    /** Sends one frame before anything that waits, and asks to be told when it has arrived; false without credit. */
    boolean sendNow(byte[] frame) {
        postLock.lock();
        try {
            if (closed || sendWindow.free() == 0) {
                return false;
            }
            sends.clear();
            int place = sendWindow.take();
            long at = ring.sendAt(place);
            MemorySegment.copy(frame, 0, ring.memory(), ValueLayout.JAVA_BYTE, at + Ring.WORD_BYTES, frame.length);
            lengths[place] = frame.length;
            int word = WITH_MESSAGES | receiveWindow.acknowledge();
            addSend(SEND, sendWindow.sent(), IBV_SEND_SIGNALED, at, frame.length, word);
            post();
            return true;
        } finally {
            postLock.unlock();
        }
    }

    @GuardedBy("postLock")
    private void addBuffer(Outbox outbox) {
        int place = sendWindow.take();
        long at = ring.sendAt(place);
        int bytes = outbox.fill(ring.memory().asSlice(at + Ring.WORD_BYTES, bufferBytes));
        lengths[place] = bytes;
        int flags = 0;
        if (--signalIn <= 0) {
            signalIn = Math.max(1, config.ringBuffers() / 4);
            flags = IBV_SEND_SIGNALED;
        }
        addSend(SEND, sendWindow.sent(), flags, at, bytes, WITH_MESSAGES | receiveWindow.acknowledge());
        counters.sends.increment();
        counters.sendBytes.add(bytes);
    }

    /** Adds a send of {@code bytes} that follow the word at {@code at}. */
    @GuardedBy("postLock")
    private void addSend(int kind, long value, int flags, long at, int bytes, int word) {
        if (immediateData) {
            sends.add(wrId(kind, value), IbvSendWR.IBV_WR_SEND_WITH_IMM, flags, word, 0, 0);
            if (bytes > 0) {
                sends.addSge(ring.memory().address() + at + Ring.WORD_BYTES, bytes, ring.lkey());
            }
        } else {
            MessageHeader.putWord(ring.memory(), at, word);
            sends.add(wrId(kind, value), IbvSendWR.IBV_WR_SEND, flags, 0, 0, 0);
            sends.addSge(ring.memory().address() + at, Ring.WORD_BYTES + bytes, ring.lkey());
        }
    }

    /** Tells the peer what was received, if it has to know now. */
    private void acknowledgeIfDue() {
        if (!receiveWindow.isDue() || closed) {
            return;
        }
        postLock.lock();
        try {
            boolean room = acknowledgementsPosted - acknowledgementsDone < acknowledgementsMax;
            if (closed || !receiveWindow.isDue() || !room) {
                return;
            }
            sends.clear();
            long at = ring.acknowledgementAt((int) (acknowledgementsPosted % acknowledgementsMax));
            acknowledgementsPosted++;
            int flags = acknowledgementsPosted % 2 == 0 ? IBV_SEND_SIGNALED : 0;
            addSend(ACKNOWLEDGEMENT, acknowledgementsPosted, flags, at, 0, ALONE | receiveWindow.acknowledge());
            counters.acknowledgements.increment();
            post();
        } finally {
            postLock.unlock();
        }
    }

    /**
     * Asks the device whether the peer is there: a write of nothing. Does nothing while one is under way.
     *
     * @return how many times in a row there was no answer yet
     */
    int probe() {
        postLock.lock();
        try {
            if (closed) {
                return 0;
            }
            if (probing) {
                return ++unanswered;
            }
            probing = true;
            unanswered = 0;
            sends.clear();
            sends.add(wrId(PROBE, 0), IbvSendWR.IBV_WR_RDMA_WRITE, IBV_SEND_SIGNALED, 0, 0, 0);
            post();
            return 0;
        } finally {
            postLock.unlock();
        }
    }

    /** Whether anything came from the peer, or was confirmed by it, since this was asked last. */
    boolean takeHeard() {
        boolean was = heard;
        heard = false;
        return was;
    }

    // --- one-sided transfers

    /**
     * Posts the next requests of a transfer as one chain, if there is room.
     *
     * @return how many, from {@code from}; 0 if there is no room now
     */
    int post(TransferOp op, int from, int to) {
        int slot = transfers.take(op, from, Math.min(to, from + config.requestsPerPost()));
        if (slot < 0) {
            return 0;
        }
        postLock.lock();
        try {
            if (closed) {
                transfers.release(slot);
                return 0;
            }
            int end = transfers.end(slot);
            op.posting(this, from, end);
            sends.clear();
            int sges = 0;
            long bytes = 0;
            int reads = 0;
            long readBytes = 0;
            for (int i = from; i < end; i++) {
                boolean read = op.isRead(i);
                bytes += op.bytes(i);
                int sgesMax = read && !immediateData ? 1 : maxSge;
                if (i > from && sges < sgesMax && op.continues(i)) {
                    sges++;
                } else {
                    sges = 1;
                    int opcode = read ? IbvSendWR.IBV_WR_RDMA_READ : IbvSendWR.IBV_WR_RDMA_WRITE;
                    int flags = isLastRequest(op, i, end, sgesMax) ? IBV_SEND_SIGNALED : 0;
                    if (!read && reads > 0 && !immediateData) {
                        // Over iWARP a write may be reported before the reads that it follows.
                        flags |= IBV_SEND_FENCE;
                    }
                    sends.add(wrId(TRANSFER, slot), opcode, flags, 0, op.remoteAddress(i), op.rkey(i, rail));
                    reads += read ? 1 : 0;
                }
                sends.addSge(op.localAddress(i), op.bytes(i), op.lkey(i, device));
                readBytes += read ? op.bytes(i) : 0;
            }
            counters.reads.add(reads);
            counters.readBytes.add(readBytes);
            counters.writes.add(sends.size() - reads);
            counters.writeBytes.add(bytes - readBytes);
            rail.addLoad(bytes);
            transfers.setBytes(slot, bytes);
            post();
            return end - from;
        } finally {
            postLock.unlock();
        }
    }

    /** Whether the request that begins at {@code i} is the chain's last: all that follow are pieces of it. */
    private static boolean isLastRequest(TransferOp op, int i, int end, int sgesMax) {
        for (int next = i + 1; next < end; next++) {
            if (next - i >= sgesMax || !op.continues(next)) {
                return false;
            }
        }
        return true;
    }

    @GuardedBy("postLock")
    private void post() {
        try {
            counters.posts.increment();
            sends.execute();
        } catch (IOException e) {
            closed = true;
            rail.fail(this, "posting failed: " + e.getMessage());
        }
    }

    private long wrId(int kind, long value) {
        return (long) index << 48 | (long) kind << 40 | (value & 0xFF_FFFF_FFFFL);
    }

    // --- on the poller's thread

    void onCompletion(IbvWC completion) {
        int kind = (int) (completion.getWr_id() >>> 40) & 0xFF;
        int value = (int) completion.getWr_id();
        int status = completion.getStatus();
        if (kind == RECEIVE) {
            setReceivesOutstanding(receivesOutstanding - 1);
        }
        if (status != SUCCESS) {
            boolean first = !closed;
            closed = true;
            if (kind == TRANSFER) {
                endTransfer(value, status);
            }
            if (status != FLUSHED || first) {
                rail.fail(this, describe(kind) + ": " + IbvWcStatus.valueOf(status));
            }
            return;
        }
        heard = true;
        switch (kind) {
            case SEND -> {
                sendWindow.complete(value);
                windowMoved = true;
            }
            case RECEIVE -> received(value, completion);
            case ACKNOWLEDGEMENT -> {
                long done = acknowledgementsDone;
                acknowledgementsDone = done + ((value - (int) done) & 0xFFFF_FFFFL);
            }
            case TRANSFER -> endTransfer(value, status);
            case PROBE -> probeEnded();
            default -> throw new AssertionError("work request of kind " + kind);
        }
    }

    private static String describe(int kind) {
        return switch (kind) {
            case SEND -> "sending a message";
            case RECEIVE -> "receiving";
            case ACKNOWLEDGEMENT -> "acknowledging";
            case TRANSFER -> "a one-sided transfer";
            case PROBE -> "asking for a sign of life";
            default -> throw new AssertionError("work request of kind " + kind);
        };
    }

    private void endTransfer(int slot, int status) {
        rail.addLoad(-transfers.bytes(slot));
        TransferOp op = transfers.op(slot);
        int from = transfers.begin(slot);
        int end = transfers.end(slot);
        if (transfers.release(slot) && op != null) {
            op.ended(from, end, status);
            rail.connection().transfers().roomFreed();
        }
    }

    private void probeEnded() {
        postLock.lock();
        try {
            probing = false;
        } finally {
            postLock.unlock();
        }
    }

    private void received(int place, IbvWC completion) {
        if (place != nextReceive) {
            rail.fail(this, "the completion of a receive was lost");
            return;
        }
        nextReceive = nextReceive + 1 == ring.receives() ? 0 : nextReceive + 1;
        long at = ring.receiveAt(place);
        int bytes = completion.getByte_len();
        int word;
        if (immediateData) {
            word = completion.getImm_data();
        } else {
            word = bytes < Ring.WORD_BYTES ? 0 : MessageHeader.word(ring.memory(), at);
            at += Ring.WORD_BYTES;
            bytes -= Ring.WORD_BYTES;
        }
        int type = word & 0xFF00_0000;
        if (bytes < 0 || (type != WITH_MESSAGES && type != ALONE) || !sendWindow.acknowledge(word & 0xFF_FFFF)) {
            rail.connection().close("the peer sends a word of " + Integer.toHexString(word) + " that cannot be");
            return;
        }
        windowMoved = true;
        if (type == WITH_MESSAGES) {
            byte[] copy = ring.memory().asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
            receiveWindow.receive();
            rail.received(this, copy);
        }
        if (!closed) {
            addReceive(place);
            receivesPosted++;
        }
    }

    private void setReceivesOutstanding(int count) {
        receivesOutstanding = count;
    }

    private void addReceive(int place) {
        long at = ring.memory().address() + ring.receiveAt(place);
        receives.add(wrId(RECEIVE, place), at, ring.slotBytes(), ring.lkey());
    }

    /** After all completions of a poll: gives buffers back, hands messages over, goes on sending. */
    void afterPoll() {
        if (receivesPosted > 0) {
            postReceives();
        }
        rail.deliver();
        if (windowMoved) {
            windowMoved = false;
            rail.connection().outbox().poke();
        }
        acknowledgeIfDue();
    }

    private void postReceives() {
        try {
            if (!closed) {
                setReceivesOutstanding(receivesOutstanding + receivesPosted);
                receives.execute();
                counters.posts.increment();
            }
        } catch (IOException e) {
            rail.fail(this, "posting receives failed: " + e.getMessage());
        }
        receives.clear();
        receivesPosted = 0;
    }

    // --- the end

    /** Whether everything that the device had has come back, as far as it can be told. */
    boolean isDrained() {
        return receivesOutstanding == 0 && transfers.isEmpty();
    }

    /** Whether the peer's device has all messages that were sent, as far as this one was asked to tell. */
    boolean isFlushed() {
        return sendWindow.isCompleted() || closed;
    }

    /** From now on the rail sees to its end. */
    void adopt() {
        adopted = true;
    }

    /** Whether the thread that asks has to bury the queue pair: it is the rail's, and nobody has asked before. */
    boolean beginEnd() {
        return adopted && ending.compareAndSet(false, true);
    }

    /** Whether a thread sees to its burial. */
    boolean isEnding() {
        return ending.get();
    }

    /** Posts nothing from now on. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** After the queue pair was destroyed and its completions were told: ends what never reported. */
    void endLost() {
        for (int slot = 0; slot < config.requestsMax(); slot++) {
            if (transfers.op(slot) != null) {
                endTransfer(slot, FLUSHED);
            }
        }
        device.poller().remove(this, index, entries);
    }

    long receivedCount() {
        return receiveWindow.received();
    }

    long firstUnacknowledged() {
        return sendWindow.acknowledged();
    }

    /** Copies of the buffers that the peer is not known to have received, oldest first; frees everything. */
    List<byte[]> takeRemains() {
        List<byte[]> buffers = unacknowledged();
        free();
        return buffers;
    }

    private List<byte[]> unacknowledged() {
        List<byte[]> buffers = new ArrayList<>();
        postLock.lock();
        try {
            SendWindow window = sendWindow;
            for (long i = window.acknowledged(); i < window.sent(); i++) {
                int place = window.place(i);
                MemorySegment sent = ring.memory().asSlice(ring.sendAt(place) + Ring.WORD_BYTES, lengths[place]);
                buffers.add(sent.toArray(ValueLayout.JAVA_BYTE));
            }
        } finally {
            postLock.unlock();
        }
        return buffers;
    }

    /** Frees memory and chains; the queue pair is destroyed. */
    void free() {
        sends.free();
        receives.free();
        ring.close();
    }
}
