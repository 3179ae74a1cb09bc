package dev.weft.bench.rdma;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;

/**
 * One end of a connection by DiSNI's interface, its memory and its calls. For one thread.
 *
 * <pre>
 *  0            2 MiB           3 MiB        4 MiB
 *  | one-sided  | received      | to be sent |
 * </pre>
 */
@SuppressWarnings({"JdkObsolete", "NonApiType"}) // DiSNI wants linked lists
final class DisniEnd implements AutoCloseable {
    static final int SEND_AT = 3 << 20;

    private static final int RECEIVE_AT = 2 << 20;
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final int BYTES = 4 << 20;
    private static final int SENDS = 64;
    private static final long SEND_ID = 1;
    private static final long RECEIVE_ID = 2;

    /** As many as Weft's poller does before it sleeps. */
    private static final int EMPTY_POLLS_MAX = 200;

    private static final int SLEEP_MILLIS = 100;
    private static final int ACCESS =
            IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ | IbvMr.IBV_ACCESS_REMOTE_WRITE;

    final ByteBuffer memory = ByteBuffer.allocateDirect(BYTES);
    final IbvMr region;

    private final RdmaCmId id;
    private final IbvPd pd;
    private final IbvCompChannel wakeups;
    private final IbvCQ cq;
    private final IbvQP qp;
    private final IbvWC[] completions = new IbvWC[16];
    private final SVCPollCq poll;
    private final SVCReqNotify arm;
    private final SVCPostSend send;
    private final SVCPostRecv receive;
    private int received;
    private int sent;
    private int lastReceivedBytes;

    /** Of an id that has its device; a receive is posted. */
    DisniEnd(RdmaCmId id) throws IOException {
        this.id = id;
        pd = id.getVerbs().allocPd();
        wakeups = id.getVerbs().createCompChannel();
        cq = id.getVerbs().createCQ(wakeups, 256, 0);
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        attributes.cap().setMax_send_wr(SENDS);
        attributes.cap().setMax_recv_wr(4);
        attributes.cap().setMax_send_sge(1);
        attributes.cap().setMax_recv_sge(1);
        attributes.setQp_type(IbvQP.IBV_QPT_RC);
        attributes.setSend_cq(cq);
        attributes.setRecv_cq(cq);
        qp = id.createQP(pd, attributes);
        region = pd.regMr(memory, ACCESS).execute().free().getMr();
        Arrays.setAll(completions, i -> new IbvWC());
        poll = cq.poll(completions, completions.length);
        arm = cq.reqNotification(false);
        send = qp.postSend(List.of(request(IbvSendWR.IBV_WR_SEND, SEND_AT, MESSAGE_BYTES, true)), List.of());
        IbvRecvWR wanted = new IbvRecvWR();
        wanted.setWr_id(RECEIVE_ID);
        wanted.setSg_list(piece(RECEIVE_AT, MESSAGE_BYTES));
        wanted.setNum_sge(1);
        receive = qp.postRecv(List.of(wanted), List.of());
        receive.execute();
    }

    static RdmaConnParam param() throws IOException {
        RdmaConnParam param = new RdmaConnParam();
        param.setRetry_count((byte) 7);
        param.setRnr_retry_count((byte) 7);
        return param;
    }

    /** The next event of a channel, which must be this one. */
    static RdmaCmId expect(RdmaEventChannel events, RdmaCmEvent.EventType type) throws IOException {
        RdmaCmEvent event = events.getCmEvent(10_000);
        if (event == null
                || !type.equals(List.of(RdmaCmEvent.EventType.values()).get(event.getEvent()))) {
            throw new IOException(
                    "instead of " + type + ": " + (event == null ? "nothing" : "event " + event.getEvent()));
        }
        RdmaCmId of = event.getConnIdPriv();
        event.ackEvent();
        return of;
    }

    private IbvSendWR request(int opcode, long at, int bytes, boolean signaled) {
        IbvSendWR request = new IbvSendWR();
        request.setWr_id(SEND_ID);
        request.setOpcode(opcode);
        request.setSend_flags(signaled ? IbvSendWR.IBV_SEND_SIGNALED : 0);
        request.setSg_list(piece(at, bytes));
        request.setNum_sge(1);
        return request;
    }

    private LinkedList<IbvSge> piece(long at, int bytes) {
        IbvSge piece = new IbvSge();
        piece.setAddr(region.getAddr() + at);
        piece.setLength(bytes);
        piece.setLkey(region.getLkey());
        return new LinkedList<>(List.of(piece));
    }

    /** The pieces of an operation as one chain, to be executed again and again. */
    SVCPostSend chain(Operation operation, long address, int rkey) throws IOException {
        int opcode = operation.kind() == Operation.Kind.READ ? IbvSendWR.IBV_WR_RDMA_READ : IbvSendWR.IBV_WR_RDMA_WRITE;
        List<IbvSendWR> requests = new LinkedList<>();
        for (int i = 0; i < operation.pieces(); i++) {
            IbvSendWR request = request(opcode, operation.offset(i), operation.bytes(), i + 1 == operation.pieces());
            request.getRdma().setRemote_addr(address + operation.offset(i));
            request.getRdma().setRkey(rkey);
            requests.add(request);
        }
        return qp.postSend(requests, List.of());
    }

    /** Does all of a chain. */
    void execute(SVCPostSend chain) throws IOException {
        chain.execute();
        awaitSent();
    }

    void send(int bytes) throws IOException {
        send.getWrMod(0).getSgeMod(0).setLength(bytes);
        send.execute();
        awaitSent();
    }

    private void awaitSent() throws IOException {
        while (sent == 0) {
            await();
        }
        sent--;
    }

    /** How long the next message is; another receive is posted. */
    int receive() throws IOException {
        while (received == 0) {
            await();
        }
        received--;
        int bytes = lastReceivedBytes;
        receive.execute();
        return bytes;
    }

    /** The first eight bytes of the last message, and the four after them. */
    long receivedLong() {
        return memory.getLong(RECEIVE_AT);
    }

    int receivedInt() {
        return memory.getInt(RECEIVE_AT + Long.BYTES);
    }

    /** Polls while it is worth it, then sleeps until there is a completion. */
    @SuppressWarnings("ThreadPriorityCheck") // the peer may need the processor
    private void await() throws IOException {
        for (int i = 0; i < EMPTY_POLLS_MAX; i++) {
            if (take()) {
                return;
            }
            Thread.yield();
        }
        arm.execute();
        if (!take() && wakeups.getCqEvent(cq, SLEEP_MILLIS)) {
            cq.ackEvents(1);
        }
    }

    private boolean take() throws IOException {
        int count = poll.execute().getPolls();
        for (int i = 0; i < count; i++) {
            if (completions[i].getStatus() != 0) {
                throw new IOException("completion with status " + completions[i].getStatus());
            }
            if (completions[i].getWr_id() == RECEIVE_ID) {
                received++;
                lastReceivedBytes = completions[i].getByte_len();
            } else {
                sent++;
            }
        }
        return count > 0;
    }

    @Override
    public void close() throws IOException {
        send.free();
        receive.free();
        poll.free();
        arm.free();
        id.destroyQP();
        region.deregMr().execute().free();
        cq.destroyCQ();
        wakeups.destroyCompChannel();
        try {
            pd.deallocPd();
        } catch (Exception e) { // DiSNI declares Exception
            throw new IOException(e);
        }
        id.destroyId();
    }
}
