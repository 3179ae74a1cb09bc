package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvSendWR;
import dev.weft.rpc.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The way to a peer in the same process: requests are executed by the thread that posts them, or by the clock's when they
 * had to wait. All fields belong to the thread that has claimed a request of the queue pair.
 */
final class LocalPath implements Path {
    /** How long a requester waits for a receive request of its peer, each time. */
    private static final long RNR_WAIT_NANOS = 640_000;

    private final QueuePair self;
    private final QueuePair peer;
    private final SendQueue sends;
    private final Clock clock;
    private final Faults faults;
    private final ScatterList local;
    private final ScatterList remote;

    /** Until when a request that gets no answer is tried again; 0 if it has one. */
    private long giveUpNanos;

    private int rnrTries;
    private long rnrUntilNanos;

    /** A request failed on its way: the peer, which takes them in order, takes nothing that comes after it. */
    private volatile boolean broken;

    private Clock.@Nullable Timer timer;
    private long timerNanos;

    LocalPath(QueuePair self, QueuePair peer) {
        this.self = self;
        this.peer = peer;
        this.sends = self.sends();
        this.clock = self.context().fabric().environment().clock();
        this.faults = self.context().fabric().faults();
        this.local = new ScatterList(
                self.context().regions(),
                self.config().pd(),
                Math.max(1, self.config().maxSendSge()));
        this.remote = new ScatterList(peer.context().regions(), peer.config().pd(), 1);
    }

    @Override
    public void progress() {
        long request = self.claim();
        while (request >= 0) {
            int status = isDue(request) ? tryOnce(request) : WorkStatus.NOT_READY;
            if (status >= 0) {
                request = self.completed(request, status);
            } else if (self.release()) {
                request = self.claim();
            } else {
                return;
            }
        }
    }

    /**
     * What is delayed is on its way to the peer already. That its sender has failed does not stop it: it lands after the
     * request was flushed, as a late write does. Unless something before it was lost.
     */
    @Override
    public void failed() {
        for (long request = sends.next(); request < sends.tail() && !broken; request++) {
            long due = sends.dueNanos(request);
            if (sends.opcode(request) != IbvSendWR.IBV_WR_RDMA_READ) {
                LatePacket packet = due == 0 ? null : LatePacket.of(self, peer, request);
                if (packet == null) {
                    return;
                }
                clock.schedule(due, () -> broken = broken || !packet.land());
            }
        }
    }

    private boolean isDue(long request) {
        long due = Math.max(sends.dueNanos(request), rnrUntilNanos);
        if (due != 0 && due - clock.nanoTime() > 0) {
            wakeAt(due);
            return false;
        }
        return true;
    }

    private int tryOnce(long request) {
        int injected = faults.injectedFailure();
        if (injected > 0 && faults.coin()) {
            broken = true;
            return injected;
        }
        int status = faults.connected(self.context().device(), peer.context().device())
                ? executeWithin(request)
                : WorkStatus.NO_ANSWER;
        if (status == WorkStatus.NO_ANSWER) {
            return unanswered();
        }
        giveUpNanos = 0;
        if (status == WorkStatus.NOT_READY) {
            return notReady();
        }
        rnrTries = 0;
        rnrUntilNanos = 0;
        broken = status != WorkStatus.SUCCESS;
        return broken ? status : injected;
    }

    private int unanswered() {
        long now = clock.nanoTime();
        if (giveUpNanos == 0) {
            giveUpNanos = now + faults.retryNanos(self.settings().retryNanos());
        }
        if (giveUpNanos - now <= 0) {
            broken = true;
            return WorkStatus.RETRY_EXCEEDED;
        }
        wakeAt(giveUpNanos);
        return WorkStatus.NO_ANSWER;
    }

    private int notReady() {
        int retries = self.settings().rnrRetries();
        if (retries != PathSettings.RNR_RETRIES_UNLIMITED && rnrTries >= retries) {
            broken = true;
            return WorkStatus.RNR_RETRY_EXCEEDED;
        }
        rnrTries++;
        rnrUntilNanos = clock.nanoTime() + RNR_WAIT_NANOS;
        wakeAt(rnrUntilNanos);
        return WorkStatus.NOT_READY;
    }

    private void wakeAt(long nanos) {
        if (timer != null && timerNanos - clock.nanoTime() > 0 && timerNanos - nanos <= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        timerNanos = nanos;
        timer = clock.schedule(nanos, this::progress);
    }

    /** Executes between the gates of both queue pairs, so that the end of either waits for the copy. */
    private int executeWithin(long request) {
        if (!self.gate().enter()) {
            return WorkStatus.FLUSHED;
        }
        try {
            if (!peer.gate().enter()) {
                return WorkStatus.NO_ANSWER;
            }
            try {
                return execute(request);
            } finally {
                local.release();
                remote.release();
                peer.gate().exit();
            }
        } finally {
            self.gate().exit();
        }
    }

    private int execute(long request) {
        int opcode = sends.opcode(request);
        boolean read = opcode == IbvSendWR.IBV_WR_RDMA_READ;
        if (!sends.open(request, local, read ? IbvMr.IBV_ACCESS_LOCAL_WRITE : 0)) {
            return WorkStatus.LOCAL_PROTECTION;
        }
        if (local.bytes() > SoftwareDevice.MESSAGE_BYTES_MAX) {
            return WorkStatus.LOCAL_LENGTH;
        }
        return switch (opcode) {
            case IbvSendWR.IBV_WR_SEND -> peer.receive(local, 0, 0, isSolicited(request));
            case IbvSendWR.IBV_WR_SEND_WITH_IMM ->
                peer.receive(local, Completion.WITH_IMMEDIATE, sends.immediate(request), isSolicited(request));
            case IbvSendWR.IBV_WR_RDMA_READ -> read(request);
            case IbvSendWR.IBV_WR_RDMA_WRITE -> write(request);
            default -> writeWithImmediate(request);
        };
    }

    private boolean isSolicited(long request) {
        return (sends.flags(request) & IbvSendWR.IBV_SEND_SOLICITED) != 0;
    }

    private int read(long request) {
        int status = openRemote(request, IbvMr.IBV_ACCESS_REMOTE_READ);
        if (status == WorkStatus.SUCCESS) {
            ScatterList.copy(remote, local);
        }
        return status;
    }

    private int write(long request) {
        int status = openRemote(request, IbvMr.IBV_ACCESS_REMOTE_WRITE);
        if (status == WorkStatus.SUCCESS) {
            ScatterList.copy(local, remote);
        }
        return status;
    }

    private int writeWithImmediate(long request) {
        if (peer.answers() && !peer.hasReceive()) {
            return WorkStatus.NOT_READY;
        }
        int status = write(request);
        return status == WorkStatus.SUCCESS
                ? peer.receiveImmediate((int) local.bytes(), sends.immediate(request), isSolicited(request))
                : status;
    }

    private int openRemote(long request, int rights) {
        if (!peer.answers()) {
            return WorkStatus.NO_ANSWER;
        }
        if (remote.add(sends.remoteKey(request), sends.remoteAddress(request), local.bytes(), rights)) {
            return WorkStatus.SUCCESS;
        }
        peer.failFatally();
        return WorkStatus.REMOTE_ACCESS;
    }
}
