package dev.weft.rpc.rdma;

import static com.ibm.disni.verbs.IbvSendWR.IBV_SEND_SIGNALED;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import com.ibm.disni.verbs.RdmaCmId;
import dev.weft.rpc.rdma.verbs.SendChain;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
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
    private final RingSends ringSends;
    private final Receives receives;
    private final TransferChain transferChain;
    private final PostedTransfers transfers;
    private final int maxSge;
    private final ReentrantLock postLock = new ReentrantLock();

    private volatile int bufferBytes;

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
        int capacity = config.ringBuffers();
        int receiveCount = ReceiveWindow.receives(capacity);
        int acknowledgementsMax = RingSends.acknowledgementsMax(capacity);
        this.transfers = new PostedTransfers(config.requestsMax());
        this.maxSge = Math.min(SGE_MAX, device.info().maxSge());
        int sendRequests = capacity + acknowledgementsMax + config.requestsMax() + 1;
        this.entries = sendRequests + receiveCount;
        this.index = device.poller().add(this, entries);
        if (index < 0) {
            throw new IOException("the completion queue of " + device.name() + " is full: too many connections");
        }
        this.ring = makeRing(capacity, receiveCount, acknowledgementsMax);
        try {
            IbvQP made = id.createQP(device.pd(), attributes(sendRequests, receiveCount));
            this.number = made.getQp_num();
            int chain = Math.max(SENDS_PER_POST_MAX, config.requestsPerPost());
            this.sends = provider.sendChain(made, chain, maxSge);
            this.ringSends = new RingSends(sends, ring, index, capacity, device.immediateData());
            this.receives = new Receives(provider.recvChain(made, receiveCount), ring, index);
            this.transferChain = new TransferChain(sends, device, rail, maxSge);
            counters.queuePairs.increment();
            receives.postAll();
        } catch (IOException e) {
            if (id.getQp() != null) {
                id.destroyQP();
            }
            ring.close();
            device.poller().remove(this, index, entries);
            throw e;
        }
    }

    private Ring makeRing(int capacity, int receiveCount, int acknowledgementsMax) throws IOException {
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
        ringSends.agree(ringBuffers, immediate);
    }

    // --- sending messages

    /** Whether a buffer can be sent now. */
    boolean hasCredit() {
        return credits() > 0;
    }

    int credits() {
        return closed ? 0 : ringSends.credits();
    }

    /** Sends what waits in {@code outbox} as far as there are credits. By the thread that was elected to write. */
    void send(Outbox outbox) {
        postLock.lock();
        try {
            if (closed) {
                return;
            }
            sends.clear();
            while (sends.size() < SENDS_PER_POST_MAX && ringSends.credits() > 0 && outbox.hasNext()) {
                counters.sends.increment();
                counters.sendBytes.add(ringSends.add(outbox, bufferBytes));
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
            if (closed || ringSends.credits() == 0) {
                return false;
            }
            sends.clear();
            ringSends.add(frame);
            post();
            return true;
        } finally {
            postLock.unlock();
        }
    }

    /** Tells the peer what was received, if it has to know now. */
    private void acknowledgeIfDue() {
        if (closed || !ringSends.isAcknowledgementDue()) {
            return;
        }
        postLock.lock();
        try {
            sends.clear();
            if (!closed && ringSends.addAcknowledgement()) {
                counters.acknowledgements.increment();
                post();
            }
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
            sends.add(
                    WorkRequestId.of(index, WorkRequestId.PROBE, 0),
                    IbvSendWR.IBV_WR_RDMA_WRITE,
                    IBV_SEND_SIGNALED,
                    0,
                    0,
                    0);
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
            long wrId = WorkRequestId.of(index, WorkRequestId.TRANSFER, slot);
            transferChain.fill(op, from, end, wrId, !ringSends.immediateData());
            transferChain.count(counters);
            rail.addLoad(transferChain.bytes());
            transfers.setBytes(slot, transferChain.bytes());
            post();
            return end - from;
        } finally {
            postLock.unlock();
        }
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

    // --- on the poller's thread

    void onCompletion(IbvWC completion) {
        int kind = WorkRequestId.kind(completion.getWr_id());
        int value = WorkRequestId.value(completion.getWr_id());
        int status = completion.getStatus();
        if (kind == WorkRequestId.RECEIVE) {
            receives.reported();
        }
        if (status != SUCCESS) {
            boolean first = !closed;
            closed = true;
            if (kind == WorkRequestId.TRANSFER) {
                endTransfer(value, status);
            }
            if (status != FLUSHED || first) {
                rail.fail(this, WorkRequestId.describe(kind) + ": " + IbvWcStatus.valueOf(status));
            }
            return;
        }
        heard = true;
        switch (kind) {
            case WorkRequestId.SEND -> {
                ringSends.sent(value);
                windowMoved = true;
            }
            case WorkRequestId.RECEIVE -> received(value, completion);
            case WorkRequestId.ACKNOWLEDGEMENT -> ringSends.acknowledgementsSent(value);
            case WorkRequestId.TRANSFER -> endTransfer(value, status);
            case WorkRequestId.PROBE -> probeEnded();
            default -> throw new AssertionError("work request of kind " + kind);
        }
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
        if (!receives.isNext(place)) {
            rail.fail(this, "the completion of a receive was lost");
            return;
        }
        long at = ring.receiveAt(place);
        int bytes = completion.getByte_len();
        int word;
        if (ringSends.immediateData()) {
            word = completion.getImm_data();
        } else {
            word = bytes < Ring.WORD_BYTES ? 0 : MessageHeader.word(ring.memory(), at);
            at += Ring.WORD_BYTES;
            bytes -= Ring.WORD_BYTES;
        }
        if (bytes < 0 || !ringSends.take(word)) {
            rail.connection().close("the peer sends a word of " + Integer.toHexString(word) + " that cannot be");
            return;
        }
        windowMoved = true;
        if (ringSends.takeMessages(word)) {
            rail.received(this, ring.memory().asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE));
        }
        if (!closed) {
            receives.giveBack(place);
        }
    }

    /** After all completions of a poll: gives buffers back, hands messages over, goes on sending. */
    void afterPoll() {
        if (receives.hasReady()) {
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
        if (closed) {
            receives.forget();
            return;
        }
        try {
            counters.posts.increment();
            receives.post();
        } catch (IOException e) {
            rail.fail(this, "posting receives failed: " + e.getMessage());
        }
    }

    // --- the end

    /** Whether everything that the device had has come back, as far as it can be told. */
    boolean isDrained() {
        return receives.areBack() && transfers.isEmpty();
    }

    /** Whether the peer's device has all messages that were sent, as far as this one was asked to tell. */
    boolean isFlushed() {
        return ringSends.isCompleted() || closed;
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

    /** Posts nothing from now on, and returns when nobody posts any more: what is posted to is memory of the device. */
    void awaitPosts() {
        postLock.lock();
        try {
            closed = true;
        } finally {
            postLock.unlock();
        }
        // The poller posts receives, and without the lock.
        device.poller().awaitEmpty();
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
        return ringSends.received();
    }

    long firstUnacknowledged() {
        return ringSends.firstUnacknowledged();
    }

    /** Copies of the buffers that the peer is not known to have received, oldest first; frees everything. */
    List<byte[]> takeRemains() {
        postLock.lock();
        try {
            return ringSends.unacknowledged();
        } finally {
            postLock.unlock();
            free();
        }
    }

    /** Frees memory and chains; the queue pair is destroyed. */
    void free() {
        sends.free();
        receives.free();
        ring.close();
    }
}
