package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvSendWR;
import dev.weft.rpc.Clock;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Sends the requests of a queue pair to another process, and ends them as the answers come. For the engine's thread; what
 * touches the memory of a request does so under the queue pair's lock, so that a request that is flushed is not used.
 */
final class SocketRequester {
    private static final long RNR_WAIT_NANOS = 640_000;

    private final QueuePair queuePair;
    private final SendQueue sends;
    private final SocketPath path;
    private final Clock clock;
    private final Faults faults;
    private final ScatterList local;
    private final Frame request = new Frame();

    /** The next request to send, and how much of it has been. */
    private long sent;

    private long sentOffset;
    private int readsUnderWay;

    /** How much of the oldest read has come. */
    private long dataOffset;

    private int rnrTries;
    private long waitUntilNanos;

    /** When it is woken next, or was last. */
    private long timerNanos;

    /** Nobody answers any more; what is outstanding fails when it is time. */
    private boolean gone;

    private long giveUpNanos;

    SocketRequester(QueuePair queuePair, SocketPath path) {
        this.queuePair = queuePair;
        this.path = path;
        sends = queuePair.sends();
        clock = queuePair.context().fabric().environment().clock();
        faults = queuePair.context().fabric().faults();
        local = new ScatterList(
                queuePair.context().regions(),
                queuePair.config().pd(),
                queuePair.config().maxSendSge());
    }

    private void wakeAt(long nanos) {
        if (nanos != timerNanos) {
            timerNanos = nanos;
            clock.schedule(nanos, path::progress);
        }
    }

    void gone() {
        gone = true;
        watch();
    }

    /** If nobody answers, ends what has waited long enough. */
    void watch() {
        if (!gone || !queuePair.answers() || !isOutstanding()) {
            return;
        }
        long now = clock.nanoTime();
        if (giveUpNanos == 0) {
            giveUpNanos = now + faults.retryNanos(queuePair.settings().retryNanos());
            wakeAt(giveUpNanos);
        } else if (giveUpNanos - now <= 0) {
            queuePair.refused(WorkStatus.RETRY_EXCEEDED);
        }
    }

    private boolean isOutstanding() {
        queuePair.lock().lock();
        try {
            return sends.next() < sends.tail();
        } finally {
            queuePair.lock().unlock();
        }
    }

    // ---- Out

    boolean produce(ByteBuffer out, long outAddress) {
        queuePair.lock().lock();
        try {
            if (gone || !queuePair.answers() || sent >= sends.tail() || !maySend()) {
                return false;
            }
            boolean read = sends.opcode(sent) == IbvSendWR.IBV_WR_RDMA_READ;
            int status = openLocal(sent, read);
            if (status != WorkStatus.SUCCESS) {
                // Its turn to fail comes when all before it are done.
                if (sends.next() == sent) {
                    queuePair.refused(status);
                }
                return false;
            }
            if (read) {
                putRead(out);
            } else {
                putPart(out, outAddress);
            }
            return true;
        } finally {
            local.release();
            queuePair.lock().unlock();
        }
    }

    private boolean maySend() {
        if (sentOffset > 0) {
            return true;
        }
        long due = Math.max(sends.dueNanos(sent), waitUntilNanos);
        if (due != 0 && due - clock.nanoTime() > 0) {
            wakeAt(due);
            return false;
        }
        boolean fenced = (sends.flags(sent) & IbvSendWR.IBV_SEND_FENCE) != 0 && readsUnderWay > 0;
        boolean tooManyReads = sends.opcode(sent) == IbvSendWR.IBV_WR_RDMA_READ
                && readsUnderWay >= queuePair.settings().reads();
        return !fenced && !tooManyReads;
    }

    private int openLocal(long sequence, boolean read) {
        if (!sends.open(sequence, local, read ? IbvMr.IBV_ACCESS_LOCAL_WRITE : 0)) {
            return WorkStatus.LOCAL_PROTECTION;
        }
        return local.bytes() > SoftwareDevice.MESSAGE_BYTES_MAX ? WorkStatus.LOCAL_LENGTH : WorkStatus.SUCCESS;
    }

    private void putRead(ByteBuffer out) {
        request.set(Frame.READ, sent);
        request.flags = Frame.LAST;
        request.address = sends.remoteAddress(sent);
        request.total = local.bytes();
        request.key = sends.remoteKey(sent);
        request.put(out);
        readsUnderWay++;
        sent++;
    }

    private void putPart(ByteBuffer out, long outAddress) {
        long total = local.bytes();
        int opcode = sends.opcode(sent);
        boolean send = opcode == IbvSendWR.IBV_WR_SEND || opcode == IbvSendWR.IBV_WR_SEND_WITH_IMM;
        int bytes = (int) Math.min(Frame.PAYLOAD_BYTES_MAX, total - sentOffset);
        boolean last = sentOffset + bytes == total;
        request.set(send ? Frame.SEND : Frame.WRITE, sent);
        request.payload = bytes;
        request.flags = (last ? Frame.LAST : 0) | flagsOf(opcode, sends.flags(sent));
        request.offset = sentOffset;
        request.address = send ? 0 : sends.remoteAddress(sent);
        request.total = total;
        request.key = send ? 0 : sends.remoteKey(sent);
        request.immediate = sends.immediate(sent);
        request.put(out);
        local.copyOut(sentOffset, outAddress + out.position(), bytes);
        out.position(out.position() + bytes);
        sentOffset = last ? 0 : sentOffset + bytes;
        sent += last ? 1 : 0;
    }

    private static int flagsOf(int opcode, int flags) {
        boolean immediate = opcode == IbvSendWR.IBV_WR_SEND_WITH_IMM || opcode == IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM;
        boolean solicited = (flags & IbvSendWR.IBV_SEND_SOLICITED) != 0;
        return (immediate ? Frame.IMMEDIATE : 0) | (solicited ? Frame.SOLICITED : 0);
    }

    // ---- In

    void received(Frame answer, long payload) throws IOException {
        queuePair.lock().lock();
        try {
            if (!queuePair.answers()) {
                return; // all was flushed
            }
            requireOutstanding(answer);
            switch (answer.type) {
                case Frame.ACK -> acknowledged(answer.sequence + 1);
                case Frame.DATA -> data(answer, payload);
                case Frame.REFUSE -> refused(answer);
                case Frame.NOT_READY -> notReady(answer);
                case Frame.NO_ANSWER -> {
                    acknowledged(answer.sequence);
                    gone();
                }
                default -> throw new ProtocolException("a frame of type " + answer.type + " as an answer");
            }
        } finally {
            queuePair.lock().unlock();
        }
    }

    private void requireOutstanding(Frame answer) throws IOException {
        boolean begun = answer.sequence < sent || (answer.sequence == sent && sentOffset > 0);
        if (answer.sequence < sends.next() || !begun) {
            throw new ProtocolException("an answer to request " + answer.sequence + ", but " + sends.next() + " to "
                    + sent + " are under way");
        }
    }

    /** Ends all before a request. A read among them would have got its data. */
    private void acknowledged(long sequence) throws IOException {
        for (long done = sends.next(); done < sequence; done++) {
            if (sends.opcode(done) == IbvSendWR.IBV_WR_RDMA_READ) {
                throw new ProtocolException("read " + done + " is acknowledged without its data");
            }
        }
        if (sequence > sent) {
            throw new ProtocolException("request " + (sequence - 1) + " is acknowledged before all of it was sent");
        }
        rnrTries = sequence > sends.next() ? 0 : rnrTries;
        queuePair.acknowledged(sequence);
    }

    private void data(Frame answer, long payload) throws IOException {
        acknowledged(answer.sequence);
        if (!queuePair.answers()) {
            return; // a fault was injected
        }
        boolean last = answer.offset + answer.payload == answer.total;
        if (sends.opcode(answer.sequence) != IbvSendWR.IBV_WR_RDMA_READ
                || answer.offset != dataOffset
                || answer.has(Frame.LAST) != last
                || (answer.payload == 0 && answer.total != 0)) {
            throw new ProtocolException("data at " + answer.offset + " for request " + answer.sequence
                    + ", which wants it at " + dataOffset);
        }
        try {
            int status = openLocal(answer.sequence, true);
            if (status == WorkStatus.SUCCESS && local.bytes() != answer.total) {
                throw new ProtocolException("a read of " + local.bytes() + " bytes is answered by " + answer.total);
            }
            if (status != WorkStatus.SUCCESS) {
                queuePair.refused(status);
                return;
            }
            local.copyIn(answer.offset, payload, answer.payload);
        } finally {
            local.release();
        }
        dataOffset += answer.payload;
        if (last) {
            dataOffset = 0;
            readsUnderWay--;
            queuePair.acknowledged(answer.sequence + 1);
        }
    }

    private void refused(Frame answer) throws IOException {
        boolean known = answer.key == WorkStatus.REMOTE_ACCESS
                || answer.key == WorkStatus.REMOTE_INVALID_REQUEST
                || answer.key == WorkStatus.REMOTE_OPERATION;
        if (!known) {
            throw new ProtocolException("request " + answer.sequence + " is refused with status " + answer.key);
        }
        acknowledged(answer.sequence);
        queuePair.refused(answer.key);
    }

    private void notReady(Frame answer) throws IOException {
        acknowledged(answer.sequence);
        int retries = queuePair.settings().rnrRetries();
        if (retries != PathSettings.RNR_RETRIES_UNLIMITED && rnrTries >= retries) {
            queuePair.refused(WorkStatus.RNR_RETRY_EXCEEDED);
            return;
        }
        rnrTries++;
        sent = answer.sequence;
        sentOffset = 0;
        readsUnderWay = 0;
        dataOffset = 0;
        waitUntilNanos = clock.nanoTime() + RNR_WAIT_NANOS;
    }
}
