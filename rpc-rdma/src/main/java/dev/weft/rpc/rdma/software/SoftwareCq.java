package dev.weft.rpc.rdma.software;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvWC;
import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A completion queue. Nothing is allocated after it was made. */
final class SoftwareCq extends IbvCQ implements Owned {
    /** Which completions wake the channel. */
    private enum Armed {
        NOT,
        SOLICITED,
        ALL
    }

    private final SoftwareContext owner;
    private final @Nullable SoftwareCompChannel events;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final CompletionRing ring;

    @GuardedBy("lock")
    private final List<QueuePair> users = new ArrayList<>();

    @GuardedBy("lock")
    private Armed armed = Armed.NOT;

    @GuardedBy("lock")
    private boolean overrun;

    /** Lets an empty queue be polled without the lock. */
    private volatile int size;

    SoftwareCq(SoftwareContext owner, @Nullable SoftwareCompChannel events, int capacity) throws IOException {
        super(owner, events, capacity);
        this.owner = owner;
        this.events = events;
        this.handle = owner.newHandle();
        this.ring = new CompletionRing(capacity);
        if (events != null) {
            events.enter();
        }
    }

    @Override
    public VerbsProvider owner() {
        return owner.owner();
    }

    SoftwareContext context() {
        return owner;
    }

    void attach(QueuePair user) {
        lock.lock();
        try {
            users.add(user);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a queue pair, with the completions that it has here. */
    void detach(QueuePair user) {
        lock.lock();
        try {
            users.remove(user);
            ring.removeAllOf(user);
            size = ring.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes up a completion that {@code completion} describes. Called under the lock of its queue pair. */
    void add(Completion completion, boolean solicited) {
        lock.lock();
        try {
            if (overrun) {
                return;
            }
            if (!ring.add(completion, owner.fabric().faults().disorder())) {
                overrun();
                return;
            }
            size = ring.size();
            boolean wakes = armed == Armed.ALL
                    || (armed == Armed.SOLICITED && (solicited || completion.status != WorkStatus.SUCCESS));
            if (wakes && events != null) {
                armed = Armed.NOT;
                events.signal(this);
            }
        } finally {
            lock.unlock();
        }
    }

    // As with real devices the queue is useless then, and so are the queue pairs that complete into it. They fail a
    // little later, since the lock of one of them is held here.
    @GuardedBy("lock")
    private void overrun() {
        overrun = true;
        List<QueuePair> victims = List.copyOf(users);
        owner.emit(new DeviceEvent(DeviceEvent.Kind.COMPLETION_QUEUE_ERROR, handle));
        owner.fabric().soon(() -> victims.forEach(QueuePair::failFatally));
    }

    int take(IbvWC[] completions, int max) throws IOException {
        owner.requireAlive();
        if (size == 0) {
            return 0;
        }
        lock.lock();
        try {
            int count = Math.min(Math.min(max, completions.length), ring.size());
            for (int i = 0; i < count; i++) {
                ring.poll(completions[i]);
            }
            size = ring.size();
            return count;
        } finally {
            lock.unlock();
        }
    }

    void arm(boolean solicitedOnly) throws IOException {
        owner.requireAlive();
        lock.lock();
        try {
            if (armed != Armed.ALL) {
                armed = solicitedOnly ? Armed.SOLICITED : Armed.ALL;
            }
        } finally {
            lock.unlock();
        }
    }

    void end() throws IOException {
        lock.lock();
        try {
            if (!users.isEmpty()) {
                throw Errno.EBUSY.because("a completion queue still has " + users.size() + " queue pairs");
            }
            isOpen = false;
            armed = Armed.NOT;
        } finally {
            lock.unlock();
        }
        if (events != null) {
            events.leave(this);
        }
    }
}
