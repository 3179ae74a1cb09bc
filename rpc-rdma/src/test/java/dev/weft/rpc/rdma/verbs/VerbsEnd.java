package dev.weft.rpc.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.SVCPollCq;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One end of a connection, with all that belongs to it. For one thread. */
public final class VerbsEnd implements AutoCloseable {
    public static final int SENDS = 16;
    public static final int RECEIVES = 16;
    public static final int SGE = 4;
    public static final int INLINE = 64;
    public static final int MEMORY_BYTES = 1 << 16;
    public static final int EVENT_MILLIS = 10_000;
    public static final int WITHOUT_END = -1;
    public static final long DEADLINE_NANOS = 10_000_000_000L;
    public static final int ACCESS_ALL =
            IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ | IbvMr.IBV_ACCESS_REMOTE_WRITE;

    private static final List<EventType> EVENT_TYPES = List.of(EventType.values());

    public final VerbsProvider provider;
    public final RdmaEventChannel events;
    public final RdmaCmId id;
    public final Arena arena = Arena.ofShared();
    public final MemorySegment memory = arena.allocate(MEMORY_BYTES, 4096);
    public final IbvPd pd;
    public final IbvCompChannel wakeups;
    public final IbvCQ cq;
    public final IbvQP qp;
    public final IbvMr region;
    /** Whether it sleeps until a completion comes; otherwise it polls, and leaves the channel to the test. */
    public boolean sleeps;

    private final IbvWC[] polled = new IbvWC[1];
    private final SVCPollCq poll;
    private final boolean ownsEvents;

    /** Of an id that has its device. */
    public VerbsEnd(VerbsProvider provider, RdmaEventChannel events, boolean ownsEvents, RdmaCmId id)
            throws IOException {
        this.provider = provider;
        this.events = events;
        this.ownsEvents = ownsEvents;
        this.id = id;
        pd = id.getVerbs().allocPd();
        wakeups = id.getVerbs().createCompChannel();
        cq = id.getVerbs().createCQ(wakeups, 64, 0);
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        attributes.cap().setMax_send_wr(SENDS);
        attributes.cap().setMax_recv_wr(RECEIVES);
        attributes.cap().setMax_send_sge(SGE);
        attributes.cap().setMax_recv_sge(SGE);
        attributes.cap().setMax_inline_data(INLINE);
        attributes.setQp_type(IbvQP.IBV_QPT_RC);
        attributes.setSend_cq(cq);
        attributes.setRecv_cq(cq);
        qp = id.createQP(pd, attributes);
        region = provider.register(pd, memory, ACCESS_ALL);
        polled[0] = new IbvWC();
        poll = cq.poll(polled, 1);
    }

    public static RdmaConnParam param(MemorySegment privateData) throws IOException {
        return param(privateData, 0);
    }

    public static RdmaConnParam param(MemorySegment privateData, int rnrRetries) throws IOException {
        RdmaConnParam param = new RdmaConnParam();
        param.setRetry_count((byte) 7);
        param.setRnr_retry_count((byte) rnrRetries);
        if (privateData.byteSize() > 0) {
            param.setPrivate_data(privateData.address());
            param.setPrivate_data_len((byte) privateData.byteSize());
        }
        return param;
    }

    /** The next event of a channel, which must be this one; acknowledge it. */
    public static RdmaCmEvent expect(RdmaEventChannel channel, EventType type) throws IOException {
        RdmaCmEvent event = channel.getCmEvent(EVENT_MILLIS);
        assertNotNull(event, () -> "no event within " + EVENT_MILLIS + " ms instead of " + type);
        assertEquals(type, EVENT_TYPES.get(event.getEvent()), () -> "with status " + event.getStatus());
        return event;
    }

    /** The next event without what a device may say besides. */
    public void expectEvent(EventType type) throws IOException {
        expect(events, type).ackEvent();
    }

    public void fill(long offset, String text) {
        memory.setString(offset, text);
    }

    public String text(long offset) {
        return memory.getString(offset);
    }

    public byte[] bytes(long offset, int length) {
        return memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    public long address(long offset) {
        return memory.address() + offset;
    }

    public void receive(long wrId, long offset, int length) throws IOException {
        RecvChain chain = provider.recvChain(qp, 1);
        chain.add(wrId, address(offset), length, region.getLkey());
        chain.execute();
        chain.free();
    }

    /** Posts one request of one piece of the memory. */
    public void post(long wrId, int opcode, int flags, int immediate, long offset, int length, long remote, int rkey)
            throws IOException {
        SendChain chain = provider.sendChain(qp, 1, SGE);
        chain.add(wrId, opcode, flags, immediate, remote, rkey);
        chain.addSge(address(offset), length, region.getLkey());
        chain.execute();
        chain.free();
    }

    public void send(long wrId, long offset, int length) throws IOException {
        post(wrId, IbvSendWR.IBV_WR_SEND, IbvSendWR.IBV_SEND_SIGNALED, 0, offset, length, 0, 0);
    }

    /** A signalled write or read of the peer's memory at the same offset. */
    public void oneSided(long wrId, int opcode, long offset, int length, VerbsEnd peer) throws IOException {
        post(wrId, opcode, IbvSendWR.IBV_SEND_SIGNALED, 0, offset, length, peer.address(offset), peer.region.getRkey());
    }

    /** One completion, or an assertion that there was none in time. */
    @SuppressWarnings("ThreadPriorityCheck") // the devices of the lab share the processor
    public IbvWC completion() throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < DEADLINE_NANOS) {
            if (poll.execute().getPolls() > 0) {
                return polled[0].clone();
            }
            if (sleeps) {
                IbvWC early = sleep();
                if (early != null) {
                    return early;
                }
            } else {
                Thread.yield();
            }
        }
        throw new AssertionError("no completion in time");
    }

    /** Until there may be a completion; or gives one that came just then. */
    private @Nullable IbvWC sleep() throws IOException {
        cq.reqNotification(false).execute().free();
        if (poll.execute().getPolls() > 0) {
            return polled[0].clone();
        }
        if (!wakeups.getCqEvent(cq, EVENT_MILLIS)) {
            throw new AssertionError("no completion within " + EVENT_MILLIS + " ms");
        }
        cq.ackEvents(1);
        return null;
    }

    /** One completion, which must be this request's and successful. */
    public IbvWC success(long wrId) throws IOException {
        IbvWC completion = completion();
        assertEquals(0, completion.getStatus(), () -> "status of request " + completion.getWr_id());
        assertEquals(wrId, completion.getWr_id());
        return completion;
    }

    public List<IbvWC> completions(int count) throws IOException {
        var all = new ArrayList<IbvWC>();
        while (all.size() < count) {
            all.add(completion());
        }
        return all;
    }

    public boolean isIdle() throws IOException {
        return poll.execute().getPolls() == 0;
    }

    /** DiSNI declares that any exception may come of it. */
    static void free(IbvPd pd) throws IOException {
        try {
            assertEquals(0, pd.deallocPd());
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        poll.free();
        id.destroyQP();
        region.deregMr().execute().free();
        cq.destroyCQ();
        wakeups.destroyCompChannel();
        free(pd);
        assertEquals(0, id.destroyId());
        if (ownsEvents) {
            events.destroyEventChannel();
        }
        arena.close();
        assertTrue(!qp.isOpen() || !id.isOpen(), "what was freed must not be open");
    }
}
