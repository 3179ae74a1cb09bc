package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvCQ;
import dev.weft.rpc.rdma.ffm.Layouts.Cq;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A completion queue. */
final class FfmCq extends IbvCQ implements Owned {
    final long address;

    private final FfmContext ffmContext;
    private final @Nullable FfmCompChannel ffmChannel;

    /** Events that were taken from the channel and not acknowledged: the library waits for them when it destroys. */
    private final AtomicInteger unacknowledged = new AtomicInteger();

    FfmCq(FfmContext context, @Nullable FfmCompChannel completionChannel, int entries, int vector) throws IOException {
        super(context, completionChannel, 0);
        ffmContext = context;
        ffmChannel = completionChannel;
        address = create(context, completionChannel, entries, vector);
        handle = Memory.getInt(address + Cq.HANDLE);
        cqe = Memory.getInt(address + Cq.CQE);
    }

    private long create(FfmContext context, @Nullable FfmCompChannel completionChannel, int entries, int vector)
            throws IOException {
        if (completionChannel == null) {
            return Ibverbs.CREATE_CQ.pointer(context.address, entries, 0, 0, vector);
        }
        int index = completionChannel.add(this);
        try {
            return Ibverbs.CREATE_CQ.pointer(context.address, entries, index, completionChannel.address, vector);
        } catch (IOException e) {
            completionChannel.remove(this);
            throw e;
        }
    }

    @Override
    public FfmVerbsProvider owner() {
        return ffmContext.owner();
    }

    FfmContext ffmContext() {
        return ffmContext;
    }

    void eventTaken() {
        unacknowledged.incrementAndGet();
    }

    /** Acknowledges up to {@code count} events; of a queue that has had fewer, all. */
    void acknowledge(int count) {
        int before;
        int acknowledged;
        do {
            before = unacknowledged.get();
            acknowledged = Math.min(before, count);
        } while (!unacknowledged.compareAndSet(before, before - acknowledged));
        if (acknowledged > 0) {
            HotCalls.ackCqEvents(address, acknowledged);
        }
    }

    void destroy() throws IOException {
        if (isOpen()) {
            acknowledge(Integer.MAX_VALUE);
            Ibverbs.DESTROY_CQ.call(address);
            close();
            if (ffmChannel != null) {
                ffmChannel.remove(this);
            }
        }
    }
}
