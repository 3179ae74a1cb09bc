package dev.weft.rpc.rdma.software;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC.IbvWcOpcode;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.PostFailedException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The state of a reliable connection's end: what both ways of reaching the peer have in common.
 *
 * <p>Its {@link Path} takes the requests out in order, one thread at a time ({@link #claim}, {@link #completed}), and
 * reports how each ended. The first that fails puts the queue pair in error, and all that is left is flushed. The lock is
 * held while the queues change, never while waiting; below it come the locks of completion queues only.
 */
final class QueuePair {
    /** As in the verbs. A reliable connection never is in the state of a failed send queue alone. */
    enum State {
        INIT(IbvQP.IBV_QPS_INIT),
        READY(IbvQP.IBV_QPS_RTS),
        ERROR(IbvQP.IBV_QPS_ERR),
        DESTROYED(IbvQP.IBV_QPS_RESET);

        private final int number;

        State(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    private final SoftwareContext context;
    private final QueuePairConfig config;
    private final int number;
    private final SendQueue sends;
    private final Gate gate = new Gate();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, except what {@link #retire} does. */
    private final ReceiveQueue receives;

    @GuardedBy("lock")
    private final ScatterList received;

    @GuardedBy("lock")
    private final Completion completion = new Completion();

    /** Written under the lock. */
    private volatile State state = State.INIT;

    /** Null until it is connected. */
    private volatile @Nullable Path path;

    private volatile PathSettings settings = PathSettings.NONE;

    /** Whether a thread executes the request {@code sends.next()}. */
    @GuardedBy("lock")
    private boolean busy;

    /** Whether there was a reason to look again, while a thread was busy. */
    @GuardedBy("lock")
    private boolean again;

    /** How the request that is being executed will fail, if it does not fail by itself; 0 if it need not. */
    @GuardedBy("lock")
    private int injected;

    @GuardedBy("lock")
    private long lastDueNanos;

    QueuePair(SoftwareContext context, QueuePairConfig config) {
        this.context = context;
        this.config = config;
        this.number = context.fabric().newQueuePairNumber();
        completion.queuePair = this;
        sends = new SendQueue(config.maxSends(), config.maxSendSge(), config.maxInline());
        receives = new ReceiveQueue(config.maxReceives(), config.maxReceiveSge());
        received = new ScatterList(context.regions(), config.pd(), config.maxReceiveSge());
        config.sendCq().attach(this);
        config.receiveCq().attach(this);
        config.pd().enter();
        context.add(this);
    }

    int number() {
        return number;
    }

    int peerNumber() {
        return settings.peerNumber();
    }

    SoftwareContext context() {
        return context;
    }

    QueuePairConfig config() {
        return config;
    }

    PathSettings settings() {
        return settings;
    }

    State state() {
        return state;
    }

    SendQueue sends() {
        return sends;
    }

    Gate gate() {
        return gate;
    }

    /** Whether the peer's requests get an answer. */
    boolean answers() {
        return mayExecute();
    }

    /** Makes it ready to send and receive. False if it is not as it was when it was made. */
    boolean connect(Path newPath, PathSettings newSettings) {
        lock.lock();
        try {
            if (state != State.INIT) {
                return false;
            }
            path = newPath;
            settings = newSettings;
            state = State.READY;
            return true;
        } finally {
            lock.unlock();
        }
    }

    // ---- The application's side

    void post(SoftwareSendChain chain) throws PostFailedException {
        int errno;
        int taken = 0;
        lock.lock();
        try {
            errno = refusal(state == State.READY || state == State.ERROR);
            while (errno == 0 && taken < chain.size()) {
                errno = offer(chain, taken);
                if (errno == 0) {
                    taken++;
                }
            }
            flushIfFailed();
        } finally {
            lock.unlock();
        }
        progress();
        if (errno != 0) {
            throw new PostFailedException(taken, chain.size(), errno);
        }
    }

    @GuardedBy("lock")
    private int offer(SoftwareSendChain chain, int index) {
        int opcode = chain.opcode(index);
        if (opcode < 0 || opcode > IbvSendWR.IBV_WR_RDMA_READ) {
            return Errno.EINVAL.number();
        }
        long due = context.fabric().faults().dueNanos(lastDueNanos);
        int errno = sends.offer(chain, index, due);
        if (errno == 0) {
            lastDueNanos = due;
        }
        return errno;
    }

    void post(SoftwareRecvChain chain) throws PostFailedException {
        int errno;
        int taken = 0;
        lock.lock();
        try {
            errno = refusal(state != State.DESTROYED);
            while (errno == 0 && taken < chain.size()) {
                errno = receives.offer(chain, taken);
                if (errno == 0) {
                    taken++;
                }
            }
            flushIfFailed();
        } finally {
            lock.unlock();
        }
        if (errno != 0) {
            throw new PostFailedException(taken, chain.size(), errno);
        }
    }

    private int refusal(boolean mayPost) {
        if (context.isLost()) {
            return Errno.EIO.number();
        }
        return mayPost ? 0 : Errno.EINVAL.number();
    }

    /** A completion was polled: frees the slots of its request and of those before it. */
    void retire(boolean ofSend, long sequence) {
        if (ofSend) {
            sends.retire(sequence + 1);
        } else {
            receives.retire(sequence + 1);
        }
    }

    // ---- The requester's side, for the path

    /** Looks whether there is something to do. */
    void progress() {
        Path way = path;
        if (way != null) {
            way.progress();
        }
    }

    /** The next request that waits, for the calling thread alone; -1 if there is none, or another thread has it. */
    long claim() {
        lock.lock();
        try {
            if (busy) {
                again = true;
                return -1;
            }
            busy = mayExecute() && sends.next() < sends.tail();
            again = false;
            return busy ? sends.next() : -1;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a claimed request back: it still has to wait. Says whether something changed meanwhile. */
    boolean release() {
        lock.lock();
        try {
            busy = false;
            failNextIfInjected();
            flushIfFailed();
            return again && state == State.READY;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void failNextIfInjected() {
        if (injected != 0 && state == State.READY) {
            // First, so that the path sees all requests as they were.
            enterError();
            long sequence = sends.next();
            sends.setNext(sequence + 1);
            finish(sequence, injected);
            injected = 0;
        }
    }

    /** Ends the claimed request, and claims the next one if there is one. */
    long completed(long sequence, int status) {
        lock.lock();
        try {
            if (state == State.DESTROYED) {
                return -1;
            }
            int result = status == WorkStatus.SUCCESS ? injected : status;
            injected = 0;
            sends.setNext(sequence + 1);
            finish(sequence, result);
            busy = false;
            flushIfFailed();
            busy = mayExecute() && sends.next() < sends.tail();
            return busy ? sends.next() : -1;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayExecute() {
        return state == State.READY && !context.isLost();
    }

    @GuardedBy("lock")
    private void finish(long sequence, int status) {
        boolean signalled = config.signalAll() || (sends.flags(sequence) & IbvSendWR.IBV_SEND_SIGNALED) != 0;
        sends.setDone(sequence + 1);
        if (status != WorkStatus.SUCCESS) {
            report(sequence, status);
            enterError();
        } else if (signalled && !context.fabric().faults().losesCompletion(context.device())) {
            report(sequence, status);
        }
    }

    @GuardedBy("lock")
    private void report(long sequence, int status) {
        completion.ofSend = true;
        completion.sequence = sequence;
        completion.wrId = sends.wrId(sequence);
        completion.status = status;
        completion.opcode = completionOpcode(sends.opcode(sequence));
        completion.bytes = sends.bytes(sequence);
        completion.immediate = 0;
        completion.flags = 0;
        config.sendCq().add(completion, false);
    }

    private static int completionOpcode(int opcode) {
        return switch (opcode) {
            case IbvSendWR.IBV_WR_RDMA_READ -> IbvWcOpcode.IBV_WC_RDMA_READ.getOpcode();
            case IbvSendWR.IBV_WR_SEND, IbvSendWR.IBV_WR_SEND_WITH_IMM -> IbvWcOpcode.IBV_WC_SEND.getOpcode();
            default -> IbvWcOpcode.IBV_WC_RDMA_WRITE.getOpcode();
        };
    }

    /** Guards what happens to the memory of requests: while it is held none of them is flushed. */
    ReentrantLock lock() {
        return lock;
    }

    /** All requests before this one have been done. */
    void acknowledged(long sequence) {
        lock.lock();
        try {
            while (mayExecute() && sends.next() < sequence) {
                long done = sends.next();
                int status = context.fabric().faults().injectedFailure();
                sends.setNext(done + 1);
                finish(done, status);
            }
            flushIfFailed();
        } finally {
            lock.unlock();
        }
    }

    /** The oldest request that is not done has failed. */
    void refused(int status) {
        lock.lock();
        try {
            if (mayExecute() && sends.next() < sends.tail()) {
                long failed = sends.next();
                sends.setNext(failed + 1);
                finish(failed, status);
                flushIfFailed();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- The responder's side, for the path

    /** Whether a message would find a receive request. */
    boolean hasReceive() {
        lock.lock();
        try {
            return !receives.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes in a message; the result is the sender's status. */
    int receive(ScatterList message, int flags, int immediate, boolean solicited) {
        return receive(message, 0, message.bytes(), flags, immediate, solicited);
    }

    /** Takes in the part of a message of {@code total} bytes that begins at {@code offset}, after the parts before it. */
    int receive(ScatterList part, long offset, long total, int flags, int immediate, boolean solicited) {
        lock.lock();
        try {
            if (!answers()) {
                return WorkStatus.NO_ANSWER;
            }
            if (receives.isEmpty()) {
                return WorkStatus.NOT_READY;
            }
            int status = receives.open(received, total);
            if (status == WorkStatus.SUCCESS) {
                ScatterList.copy(part, received, offset);
            }
            received.release();
            if (status == WorkStatus.SUCCESS && offset + part.bytes() < total) {
                return status;
            }
            int opcode = IbvWcOpcode.IBV_WC_RECV.getOpcode();
            return endReceive(status, opcode, (int) total, flags, immediate, solicited);
        } finally {
            lock.unlock();
        }
    }

    /** Takes in the immediate data of a write whose {@code bytes} have been written; the result is the writer's status. */
    int receiveImmediate(int bytes, int immediate, boolean solicited) {
        lock.lock();
        try {
            if (!answers() || receives.isEmpty()) {
                return WorkStatus.NO_ANSWER;
            }
            int opcode = IbvWcOpcode.IBV_WC_RECV_RDMA_WITH_IMM.getOpcode();
            return endReceive(WorkStatus.SUCCESS, opcode, bytes, Completion.WITH_IMMEDIATE, immediate, solicited);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private int endReceive(int status, int opcode, int bytes, int flags, int immediate, boolean solicited) {
        long sequence = receives.next();
        receives.advance();
        boolean lost = status == WorkStatus.SUCCESS && context.fabric().faults().losesCompletion(context.device());
        if (!lost) {
            reportReceive(sequence, status, opcode, bytes, flags, immediate, solicited);
        }
        if (status == WorkStatus.SUCCESS) {
            return status;
        }
        enterError();
        return status == WorkStatus.LOCAL_LENGTH ? WorkStatus.REMOTE_INVALID_REQUEST : WorkStatus.REMOTE_OPERATION;
    }

    @GuardedBy("lock")
    private void reportReceive(
            long sequence, int status, int opcode, int bytes, int flags, int immediate, boolean solicited) {
        completion.ofSend = false;
        completion.sequence = sequence;
        completion.wrId = receives.wrId(sequence);
        completion.status = status;
        completion.opcode = opcode;
        completion.bytes = bytes;
        completion.immediate = immediate;
        completion.flags = flags;
        config.receiveCq().add(completion, solicited);
    }

    // ---- Failure and end

    /** Puts it in error, without an event. */
    void fail() {
        lock.lock();
        try {
            enterError();
            flushIfFailed();
        } finally {
            lock.unlock();
        }
    }

    /** Puts it in error because of something that no completion here will tell. */
    void failFatally() {
        if (state == State.READY) {
            context.emit(new DeviceEvent(DeviceEvent.Kind.QUEUE_PAIR_FATAL, number));
        }
        fail();
    }

    /** Fails its oldest request that is not done with this status, or the queue pair itself if there is none. */
    void failWith(int status) {
        lock.lock();
        try {
            if (state != State.READY) {
                return;
            }
            if (busy) {
                injected = status;
                return;
            }
            // First, so that the path sees all requests as they were.
            enterError();
            if (sends.next() < sends.tail()) {
                long sequence = sends.next();
                sends.setNext(sequence + 1);
                finish(sequence, status);
            } else {
                context.emit(new DeviceEvent(DeviceEvent.Kind.QUEUE_PAIR_FATAL, number));
            }
            flushIfFailed();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void enterError() {
        if (state == State.DESTROYED || state == State.ERROR) {
            return;
        }
        state = State.ERROR;
        Path way = path;
        if (way != null) {
            way.failed();
        }
    }

    // Whoever executes a request still uses its memory: then the flush waits for the end of that one.
    @GuardedBy("lock")
    private void flushIfFailed() {
        if (state != State.ERROR || busy) {
            return;
        }
        while (sends.next() < sends.tail()) {
            long sequence = sends.next();
            sends.setNext(sequence + 1);
            sends.setDone(sequence + 1);
            report(sequence, WorkStatus.FLUSHED);
        }
        while (!receives.isEmpty()) {
            long sequence = receives.next();
            receives.advance();
            reportReceive(sequence, WorkStatus.FLUSHED, IbvWcOpcode.IBV_WC_RECV.getOpcode(), 0, 0, 0, false);
        }
    }

    /** On return it copies nothing any more, and nothing of it is in a completion queue. */
    void destroy() {
        lock.lock();
        try {
            if (state == State.DESTROYED) {
                return;
            }
            Path way = path;
            if (way != null) {
                way.failed();
            }
            state = State.DESTROYED;
        } finally {
            lock.unlock();
        }
        gate.close();
        config.sendCq().detach(this);
        config.receiveCq().detach(this);
        config.pd().leave();
        context.remove(this);
    }
}
