package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvCompChannel;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Where completion queues say that they have something. */
final class SoftwareCompChannel extends IbvCompChannel implements Owned {
    private final SoftwareContext owner;
    private final Inbox<SoftwareCq> events;
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();

    SoftwareCompChannel(SoftwareContext owner) throws IOException {
        super(owner.newHandle(), owner);
        this.owner = owner;
        this.events = new Inbox<>(owner.fabric().environment().clock());
    }

    @Override
    public VerbsProvider owner() {
        return owner.owner();
    }

    void enter() {
        users.incrementAndGet();
    }

    void leave(SoftwareCq cq) {
        users.decrementAndGet();
        events.removeIf(event -> event == cq, event -> {});
        endIfUnused();
    }

    void signal(SoftwareCq cq) {
        events.put(cq);
    }

    /** Has a thread that waits for an event return without one. */
    void wake() {
        events.wake();
    }

    /** Whether there was an event in time, and before it was woken. */
    boolean await(int timeoutMillis) throws IOException {
        return events.take(timeoutMillis) != null;
    }

    void lose(String reason) {
        events.close(reason);
    }

    /** With the last queue that uses it, if there is one: DiSNI's own applications destroy the channel first. */
    void end() {
        isOpen = false;
        endIfUnused();
    }

    private void endIfUnused() {
        if (!isOpen && users.get() == 0 && ended.compareAndSet(false, true)) {
            events.close("the completion channel is destroyed");
            owner.remove(this);
        }
    }
}
