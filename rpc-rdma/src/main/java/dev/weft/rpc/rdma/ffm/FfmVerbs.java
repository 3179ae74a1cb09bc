package dev.weft.rpc.rdma.ffm;

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

/** DiSNI's verbs on libibverbs. */
final class FfmVerbs extends RdmaVerbs {
    private final FfmVerbsProvider provider;

    FfmVerbs(FfmVerbsProvider provider) {
        this.provider = provider;
    }

    @Override
    public IbvPd allocPd(IbvContext context) throws IOException {
        return new FfmPd(provider.own(FfmContext.class, context));
    }

    @Override
    public int deallocPd(IbvPd pd) throws IOException {
        provider.own(FfmPd.class, pd).destroy();
        return 0;
    }

    @Override
    public IbvCompChannel createCompChannel(IbvContext context) throws IOException {
        return FfmCompChannel.create(provider.own(FfmContext.class, context));
    }

    @Override
    public int destroyCompChannel(IbvCompChannel completionChannel) throws IOException {
        provider.own(FfmCompChannel.class, completionChannel).destroy();
        return 0;
    }

    @Override
    public IbvCQ createCQ(IbvContext context, @Nullable IbvCompChannel completionChannel, int entries, int vector)
            throws IOException {
        return new FfmCq(
                provider.own(FfmContext.class, context),
                completionChannel == null ? null : provider.own(FfmCompChannel.class, completionChannel),
                entries,
                vector);
    }

    @Override
    public int destroyCQ(IbvCQ queue) throws IOException {
        provider.own(FfmCq.class, queue).destroy();
        return 0;
    }

    /** Takes an event of any queue of the channel, which may be another one than {@code queue}. */
    @Override
    public boolean getCqEvent(IbvCompChannel completionChannel, @Nullable IbvCQ queue, int timeoutMillis)
            throws IOException {
        return provider.own(FfmCompChannel.class, completionChannel).takeEvent(timeoutMillis);
    }

    /** Never acknowledges more than {@code queue} has had, so that events of another queue do no harm. */
    @Override
    public int ackCqEvents(IbvCQ queue, int count) {
        provider.own(FfmCq.class, queue).acknowledge(count);
        return 0;
    }

    @Override
    public SVCReqNotify reqNotifyCQ(IbvCQ queue, boolean solicitedOnly) {
        return new FfmReqNotify(provider.own(FfmCq.class, queue), solicitedOnly);
    }

    @Override
    public SVCPollCq pollCQ(IbvCQ queue, IbvWC[] completions, int count) {
        return new FfmPollCq(provider.own(FfmCq.class, queue), completions, count);
    }

    /** Registers the whole buffer, whatever its position and limit are. */
    @Override
    public SVCRegMr regMr(IbvPd pd, ByteBuffer buffer, int access) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("only a direct buffer can be registered");
        }
        MemorySegment memory = MemorySegment.ofBuffer(buffer.duplicate().clear());
        return new FfmRegMr(provider.own(FfmPd.class, pd), memory, access);
    }

    @Override
    @SuppressWarnings("restricted")
    public SVCRegMr regMr(IbvPd pd, long address, int length, int access) {
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(length);
        return new FfmRegMr(provider.own(FfmPd.class, pd), memory, access);
    }

    @Override
    public SVCDeregMr deregMr(IbvMr region) {
        return new FfmDeregMr(provider.own(FfmMr.class, region));
    }

    @Override
    public int queryOdpSupport(IbvContext context) {
        return 0;
    }

    @Override
    public int expPrefetchMr(IbvMr region, long address, int length) throws IOException {
        throw new IOException("registration on demand is not supported");
    }

    @Override
    public SVCPostSend postSend(IbvQP qp, List<IbvSendWR> requests, @Nullable List<IbvSendWR> badRequests) {
        return FfmSendChain.of(provider.own(FfmQp.class, qp), requests);
    }

    @Override
    public SVCPostRecv postRecv(IbvQP qp, List<IbvRecvWR> requests, @Nullable List<IbvRecvWR> badRequests) {
        return FfmRecvChain.of(provider.own(FfmQp.class, qp), requests);
    }
}
