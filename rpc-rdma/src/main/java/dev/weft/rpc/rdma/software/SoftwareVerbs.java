package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCDeregMr;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DiSNI's verbs on software devices. */
final class SoftwareVerbs extends RdmaVerbs {
    private static final int ACCESS_KNOWN = IbvMr.IBV_ACCESS_LOCAL_WRITE
            | IbvMr.IBV_ACCESS_REMOTE_WRITE
            | IbvMr.IBV_ACCESS_REMOTE_READ
            | IbvMr.IBV_ACCESS_REMOTE_ATOMIC;

    private final Ledger ledger;

    SoftwareVerbs(SoftwareVerbsProvider provider) {
        this.ledger = provider.ledger();
    }

    @Override
    public IbvPd allocPd(IbvContext context) throws IOException {
        var pd = new SoftwarePd(alive(context));
        ledger.made(Ledger.Kind.PROTECTION_DOMAIN);
        return pd;
    }

    @Override
    public int deallocPd(IbvPd pd) throws IOException {
        if (pd.isOpen()) {
            own(pd).end();
            ledger.freed(Ledger.Kind.PROTECTION_DOMAIN);
        }
        return 0;
    }

    @Override
    public IbvCompChannel createCompChannel(IbvContext context) throws IOException {
        SoftwareContext owner = alive(context);
        var channel = new SoftwareCompChannel(owner);
        owner.add(channel);
        ledger.made(Ledger.Kind.COMPLETION_CHANNEL);
        return channel;
    }

    @Override
    public int destroyCompChannel(IbvCompChannel channel) throws IOException {
        if (channel.isOpen()) {
            own(channel).end();
            ledger.freed(Ledger.Kind.COMPLETION_CHANNEL);
        }
        return 0;
    }

    @Override
    public IbvCQ createCQ(IbvContext context, @Nullable IbvCompChannel channel, int size, int vector)
            throws IOException {
        if (size < 1 || size > SoftwareDevice.COMPLETIONS_MAX) {
            throw Errno.EINVAL.because(
                    "a completion queue of " + size + " is not in 1.." + SoftwareDevice.COMPLETIONS_MAX);
        }
        var cq = new SoftwareCq(alive(context), channel == null ? null : own(channel), size);
        ledger.made(Ledger.Kind.COMPLETION_QUEUE);
        return cq;
    }

    @Override
    public int destroyCQ(IbvCQ cq) throws IOException {
        if (cq.isOpen()) {
            own(cq).end();
            ledger.freed(Ledger.Kind.COMPLETION_QUEUE);
        }
        return 0;
    }

    @Override
    public boolean getCqEvent(IbvCompChannel channel, IbvCQ cq, int timeoutMillis) throws IOException {
        return own(channel).await(timeoutMillis);
    }

    @Override
    public int ackCqEvents(IbvCQ cq, int count) {
        return 0;
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, ByteBuffer buffer, int access) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("only a direct buffer can be registered: " + buffer);
        }
        // All of the buffer, wherever its position and limit are.
        MemorySegment memory = MemorySegment.ofBuffer(buffer.duplicate().clear());
        return new RegisterCall(this, pd, memory.address(), memory.byteSize(), access, buffer);
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, long address, int length, int access) {
        return new RegisterCall(this, pd, address, length, access, null);
    }

    SoftwareMr register(IbvPd pd, long address, long length, int access, @Nullable Object keptAlive)
            throws IOException {
        SoftwarePd ours = own(pd);
        ours.context().requireAlive();
        boolean remoteOnly = (access & (IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_ATOMIC)) != 0
                && (access & IbvMr.IBV_ACCESS_LOCAL_WRITE) == 0;
        if ((access & ~ACCESS_KNOWN) != 0 || remoteOnly) {
            throw Errno.EINVAL.because("access " + access + ": remote writing needs local writing, and there are bits "
                    + ACCESS_KNOWN + " only");
        }
        if (length < 0 || address < 0 || address > Long.MAX_VALUE - length) {
            throw Errno.EINVAL.because("memory of " + length + " bytes at " + address);
        }
        SoftwareMr region =
                ours.context().regions().add(key -> new SoftwareMr(ours, address, length, access, key, keptAlive));
        ours.enter();
        ledger.made(Ledger.Kind.MEMORY_REGION);
        return region;
    }

    @Override
    public SVCDeregMr deregMr(IbvMr region) {
        return new DeregisterCall(this, own(region));
    }

    void deregister(SoftwareMr region) {
        if (region.end()) {
            region.pd().context().regions().remove(region);
            region.pd().leave();
            ledger.freed(Ledger.Kind.MEMORY_REGION);
        }
    }

    @Override
    public int queryOdpSupport(IbvContext context) {
        return 0;
    }

    @Override
    public int expPrefetchMr(IbvMr region, long address, int length) throws IOException {
        throw Errno.EINVAL.because("there is no on-demand paging");
    }

    @Override
    public SVCPostSend postSend(IbvQP qp, List<IbvSendWR> requests, List<IbvSendWR> bad) throws IOException {
        return SoftwareSendChain.of(own(qp), requests);
    }

    @Override
    public SVCPostRecv postRecv(IbvQP qp, List<IbvRecvWR> requests, List<IbvRecvWR> bad) {
        return SoftwareRecvChain.of(own(qp), requests);
    }

    @Override
    public SVCPollCq pollCQ(IbvCQ cq, IbvWC[] completions, int max) {
        return new PollCall(own(cq), completions, max);
    }

    @Override
    public SVCReqNotify reqNotifyCQ(IbvCQ cq, boolean solicitedOnly) {
        return new ArmCall(own(cq), solicitedOnly);
    }

    private static SoftwareContext alive(IbvContext context) throws IOException {
        SoftwareContext ours = own(SoftwareContext.class, context);
        ours.requireAlive();
        return ours;
    }

    static SoftwareQp own(IbvQP qp) {
        return own(SoftwareQp.class, qp);
    }

    static SoftwarePd own(IbvPd pd) {
        return own(SoftwarePd.class, pd);
    }

    private static SoftwareCq own(IbvCQ cq) {
        return own(SoftwareCq.class, cq);
    }

    private static SoftwareMr own(IbvMr region) {
        return own(SoftwareMr.class, region);
    }

    private static SoftwareCompChannel own(IbvCompChannel channel) {
        return own(SoftwareCompChannel.class, channel);
    }

    static <T> T own(Class<T> type, Object object) {
        if (type.isInstance(object)) {
            return type.cast(object);
        }
        throw new IllegalArgumentException(object + " is of another provider");
    }
}
