package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvSendWR;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/** A write or message whose sender has failed since it left: its data, which nobody can call back. */
final class LatePacket {
    private final QueuePair from;
    private final QueuePair to;
    private final MemorySegment data;
    private final int opcode;
    private final int immediate;
    private final boolean solicited;
    private final long remoteAddress;
    private final int remoteKey;

    private LatePacket(QueuePair from, QueuePair to, MemorySegment data, long request) {
        this.from = from;
        this.to = to;
        this.data = data;
        SendQueue sends = from.sends();
        opcode = sends.opcode(request);
        immediate = sends.immediate(request);
        solicited = (sends.flags(request) & IbvSendWR.IBV_SEND_SOLICITED) != 0;
        remoteAddress = sends.remoteAddress(request);
        remoteKey = sends.remoteKey(request);
    }

    /** Of a request whose memory is still the device's; null if that memory may not be used. */
    static @Nullable LatePacket of(QueuePair from, QueuePair to, long request) {
        ScatterList local = list(from, 1);
        try {
            if (!from.sends().open(request, local, 0)) {
                return null;
            }
            MemorySegment data = Arena.ofAuto().allocate(Math.max(1, local.bytes()));
            ScatterList copy = list(from, 1);
            copy.addOwn(data.address(), local.bytes());
            ScatterList.copy(local, copy);
            return new LatePacket(from, to, data.asSlice(0, local.bytes()), request);
        } finally {
            local.release();
        }
    }

    private static ScatterList list(QueuePair of, int pieces) {
        return new ScatterList(of.context().regions(), of.config().pd(), pieces);
    }

    /** Says whether the peer has taken it. */
    boolean land() {
        boolean connected = from.context()
                .fabric()
                .faults()
                .connected(from.context().device(), to.context().device());
        if (!connected || !to.gate().enter()) {
            return false;
        }
        ScatterList message = list(from, 1);
        ScatterList remote = list(to, 1);
        try {
            message.addOwn(data.address(), data.byteSize());
            return land(message, remote);
        } finally {
            remote.release();
            to.gate().exit();
            Reference.reachabilityFence(data);
        }
    }

    private boolean land(ScatterList message, ScatterList remote) {
        return switch (opcode) {
            case IbvSendWR.IBV_WR_SEND -> to.receive(message, 0, 0, solicited) == WorkStatus.SUCCESS;
            case IbvSendWR.IBV_WR_SEND_WITH_IMM ->
                to.receive(message, Completion.WITH_IMMEDIATE, immediate, solicited) == WorkStatus.SUCCESS;
            case IbvSendWR.IBV_WR_RDMA_WRITE -> write(message, remote);
            default ->
                to.hasReceive()
                        && write(message, remote)
                        && to.receiveImmediate((int) message.bytes(), immediate, solicited) == WorkStatus.SUCCESS;
        };
    }

    private boolean write(ScatterList message, ScatterList remote) {
        if (!to.answers()) {
            return false;
        }
        if (!remote.add(remoteKey, remoteAddress, message.bytes(), IbvMr.IBV_ACCESS_REMOTE_WRITE)) {
            to.failFatally();
            return false;
        }
        ScatterList.copy(message, remote);
        return true;
    }
}
