package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Executes the requests of a peer in another process, in order. All that it keeps of them is bounded: frames are executed
 * as they come, acknowledgements are a number, and reads that wait for room in the connection are {@link PendingReads}. So
 * it never has to stop reading, and two ends cannot wait for each other. For the engine's thread.
 */
final class SocketResponder {
    /** Nothing of the kind is to be said. */
    private static final long NOTHING = -1;

    private final QueuePair queuePair;
    private final ScatterList payload;
    private final ScatterList target;
    private final PendingReads reads = new PendingReads();
    private final Frame answer = new Frame();

    /** The next request to execute, how much of it has come, and how long it is. */
    private long expected;

    private long expectedOffset;

    /** Requests are dropped until the expected one begins anew. */
    private boolean skipping;

    /** All before it has been acknowledged. */
    private long acknowledged;

    /** How much of the oldest read has been sent. */
    private long readOffset;

    private long notReady = NOTHING;
    private long noAnswer = NOTHING;
    private long refused = NOTHING;
    private int refusedStatus;

    SocketResponder(QueuePair queuePair) {
        this.queuePair = queuePair;
        payload = new ScatterList(
                queuePair.context().regions(), queuePair.config().pd(), 1);
        target = new ScatterList(
                queuePair.context().regions(), queuePair.config().pd(), 1);
    }

    void received(Frame frame, long address) throws IOException {
        if (skipping) {
            if (frame.sequence != expected || frame.offset != 0) {
                return;
            }
            skipping = false;
            expectedOffset = 0;
        }
        boolean read = frame.type == Frame.READ;
        long end = frame.offset + (read ? frame.total : frame.payload);
        boolean empty = !read && frame.payload == 0 && frame.total > 0;
        if (frame.sequence != expected
                || frame.offset != expectedOffset
                || empty
                || frame.has(Frame.LAST) != (end == frame.total)
                || (read && (frame.payload != 0 || reads.isFull()))) {
            throw new ProtocolException("request " + frame.sequence + " at " + frame.offset + " instead of " + expected
                    + " at " + expectedOffset);
        }
        int status = execute(frame, address);
        if (status != WorkStatus.SUCCESS) {
            refuse(status);
        } else if (frame.has(Frame.LAST)) {
            expected++;
            expectedOffset = 0;
        } else {
            expectedOffset = end;
        }
    }

    private void refuse(int status) {
        skipping = true;
        if (status == WorkStatus.NOT_READY) {
            notReady = expected;
        } else if (status == WorkStatus.NO_ANSWER) {
            noAnswer = expected;
        } else if (refused == NOTHING) {
            refused = expected;
            refusedStatus = status;
        }
    }

    private int execute(Frame frame, long address) {
        payload.addOwn(address, frame.payload);
        try {
            return switch (frame.type) {
                case Frame.READ -> read(frame);
                case Frame.WRITE -> write(frame);
                default -> {
                    int flags = frame.has(Frame.IMMEDIATE) ? Completion.WITH_IMMEDIATE : 0;
                    yield queuePair.receive(
                            payload, frame.offset, frame.total, flags, frame.immediate, frame.has(Frame.SOLICITED));
                }
            };
        } finally {
            payload.release();
        }
    }

    private int read(Frame frame) {
        int status = check(frame.key, frame.address, frame.total, IbvMr.IBV_ACCESS_REMOTE_READ);
        if (status == WorkStatus.SUCCESS) {
            reads.add(frame);
        }
        return status;
    }

    private int write(Frame frame) {
        boolean immediate = frame.has(Frame.IMMEDIATE);
        if (frame.offset == 0) {
            if (queuePair.answers() && immediate && !queuePair.hasReceive()) {
                return WorkStatus.NOT_READY;
            }
            int status = check(frame.key, frame.address, frame.total, IbvMr.IBV_ACCESS_REMOTE_WRITE);
            if (status != WorkStatus.SUCCESS) {
                return status;
            }
        }
        int status = copyIn(frame);
        return status == WorkStatus.SUCCESS && immediate && frame.has(Frame.LAST)
                ? queuePair.receiveImmediate((int) frame.total, frame.immediate, frame.has(Frame.SOLICITED))
                : status;
    }

    /** Whether all of a request's memory may be used so; of a write it is known before its first byte is written. */
    private int check(int key, long address, long total, int rights) {
        if (!queuePair.answers()) {
            return WorkStatus.NO_ANSWER;
        }
        try {
            return target.add(key, address, total, rights) ? WorkStatus.SUCCESS : refusedAccess();
        } finally {
            target.release();
        }
    }

    // Under the lock, so that nothing is copied once the queue pair has failed or is destroyed.
    private int copyIn(Frame frame) {
        queuePair.lock().lock();
        try {
            if (!queuePair.answers()) {
                return WorkStatus.NO_ANSWER;
            }
            long address = frame.address + frame.offset;
            if (!target.add(frame.key, address, frame.payload, IbvMr.IBV_ACCESS_REMOTE_WRITE)) {
                return refusedAccess();
            }
            ScatterList.copy(payload, target);
            return WorkStatus.SUCCESS;
        } finally {
            target.release();
            queuePair.lock().unlock();
        }
    }

    private int refusedAccess() {
        queuePair.failFatally();
        return WorkStatus.REMOTE_ACCESS;
    }

    /** Says what there is to say first: order matters to the peer. */
    boolean produce(ByteBuffer out, long outAddress) {
        long done = reads.isEmpty() ? expected : reads.sequence();
        if (done > acknowledged) {
            answer.set(Frame.ACK, done - 1).put(out);
            acknowledged = done;
            return true;
        }
        if (!reads.isEmpty()) {
            return produceData(out, outAddress);
        }
        if (refused != NOTHING) {
            answer.set(Frame.REFUSE, refused).key = refusedStatus;
            answer.put(out);
            refused = NOTHING;
            return true;
        }
        if (noAnswer != NOTHING) {
            answer.set(Frame.NO_ANSWER, noAnswer).put(out);
            noAnswer = NOTHING;
            return true;
        }
        if (notReady != NOTHING) {
            answer.set(Frame.NOT_READY, notReady).put(out);
            notReady = NOTHING;
            return true;
        }
        return false;
    }

    private boolean produceData(ByteBuffer out, long outAddress) {
        long total = reads.total();
        int bytes = (int) Math.min(Frame.PAYLOAD_BYTES_MAX, total - readOffset);
        int header = out.position();
        if (!copyOut(bytes, outAddress + header + Frame.HEADER_BYTES)) {
            refuseRead();
            return true;
        }
        answer.set(Frame.DATA, reads.sequence());
        answer.payload = bytes;
        answer.offset = readOffset;
        answer.total = total;
        answer.flags = readOffset + bytes == total ? Frame.LAST : 0;
        answer.put(out);
        out.position(out.position() + bytes);
        readOffset += bytes;
        if (readOffset == total) {
            acknowledged = reads.sequence() + 1;
            reads.removeFirst();
            readOffset = 0;
        }
        return true;
    }

    /** The memory of the oldest read is no longer what it may read: all after it counts as not having come. */
    private void refuseRead() {
        expected = reads.sequence();
        reads.clear();
        skipping = true;
        refused = expected;
        refusedStatus = refusedAccess();
    }

    // A read that was accepted is answered even if the queue pair has failed since; not if it is destroyed.
    private boolean copyOut(int bytes, long to) {
        queuePair.lock().lock();
        try {
            boolean allowed = queuePair.state() != QueuePair.State.DESTROYED
                    && target.add(reads.key(), reads.address() + readOffset, bytes, IbvMr.IBV_ACCESS_REMOTE_READ);
            if (allowed) {
                target.copyOut(0, to, bytes);
            }
            return allowed;
        } finally {
            target.release();
            queuePair.lock().unlock();
        }
    }
}
