package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvPd;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A protection domain: whoever belongs to it may use its memory. */
final class SoftwarePd extends IbvPd implements Owned {
    private final SoftwareContext owner;

    /** Regions and queue pairs that belong to it. */
    private final AtomicInteger users = new AtomicInteger();

    SoftwarePd(SoftwareContext owner) throws IOException {
        super(owner);
        this.owner = owner;
    }

    @Override
    public VerbsProvider owner() {
        return owner.owner();
    }

    SoftwareContext context() {
        return owner;
    }

    void enter() {
        users.incrementAndGet();
    }

    void leave() {
        users.decrementAndGet();
    }

    void end() throws IOException {
        int left = users.get();
        if (left != 0) {
            throw Errno.EBUSY.because("a protection domain still has " + left + " memory regions and queue pairs");
        }
        isOpen = false;
    }
}
