package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import dev.weft.rpc.rdma.ffm.Layouts.SendWr;
import dev.weft.rpc.rdma.verbs.SendChain;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Send requests that are written where the device reads them. Also what DiSNI's own postSend gives. */
final class FfmSendChain extends SendChain {
    private final FfmQp qp;
    private final RequestBlock block;
    private final @Nullable SendRequest[] views;
    private final boolean onePieceReads;
    private int size;
    private int lastSges;
    private int lastOpcode;

    FfmSendChain(FfmQp qp, int maxRequests, int maxSge) {
        this.qp = qp;
        block = new RequestBlock(SendWr.SIZE, maxRequests, maxSge);
        onePieceReads = qp.ffmContext().isIwarp();
        views = new SendRequest[maxRequests];
    }

    static FfmSendChain of(FfmQp qp, List<IbvSendWR> requests) {
        int maxSge = requests.stream()
                .mapToInt(request -> request.getSg_list().size())
                .max()
                .orElse(0);
        var chain = new FfmSendChain(qp, requests.size(), maxSge);
        requests.forEach(chain::add);
        return chain;
    }

    private void add(IbvSendWR request) {
        boolean atomic = request.getOpcode() == IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP
                || request.getOpcode() == IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD;
        if (atomic) {
            add(request, 0, 0);
            long at = block.request(size - 1);
            IbvSendWR.Atomic operands = request.getAtomic();
            block.memory.set(ValueLayout.JAVA_LONG, at + SendWr.ATOMIC_REMOTE_ADDR, operands.getRemote_addr());
            block.memory.set(ValueLayout.JAVA_LONG, at + SendWr.ATOMIC_COMPARE_ADD, operands.getCompare_add());
            block.memory.set(ValueLayout.JAVA_LONG, at + SendWr.ATOMIC_SWAP, operands.getSwap());
            block.memory.set(ValueLayout.JAVA_INT, at + SendWr.ATOMIC_RKEY, operands.getRkey());
        } else {
            add(request, request.getRdma().getRemote_addr(), request.getRdma().getRkey());
        }
        for (IbvSge sge : request.getSg_list()) {
            addSge(sge.getAddr(), sge.getLength(), sge.getLkey());
        }
    }

    private void add(IbvSendWR request, long remoteAddress, int rkey) {
        add(
                request.getWr_id(),
                request.getOpcode(),
                request.getSend_flags(),
                request.getImm_data(),
                remoteAddress,
                rkey);
    }

    @Override
    public void clear() {
        size = 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void add(long wrId, int opcode, int flags, int immediate, long remoteAddress, int rkey) {
        block.requireRoom(size);
        MemorySegment memory = block.memory;
        long at = block.request(size);
        memory.set(ValueLayout.JAVA_LONG, at + SendWr.WR_ID, wrId);
        memory.set(ValueLayout.JAVA_LONG, at + SendWr.NEXT, 0);
        memory.set(ValueLayout.JAVA_LONG, at + SendWr.SG_LIST, block.sgeAddress(size));
        memory.set(ValueLayout.JAVA_INT, at + SendWr.NUM_SGE, 0);
        memory.set(ValueLayout.JAVA_INT, at + SendWr.OPCODE, opcode);
        memory.set(ValueLayout.JAVA_INT, at + SendWr.SEND_FLAGS, flags);
        memory.set(ValueLayout.JAVA_INT, at + SendWr.IMM_DATA, immediate);
        memory.set(ValueLayout.JAVA_LONG, at + SendWr.RDMA_REMOTE_ADDR, remoteAddress);
        memory.set(ValueLayout.JAVA_INT, at + SendWr.RDMA_RKEY, rkey);
        if (size > 0) {
            memory.set(ValueLayout.JAVA_LONG, block.request(size - 1) + SendWr.NEXT, block.requestAddress(size));
        }
        size++;
        lastSges = 0;
        lastOpcode = opcode;
    }

    @Override
    public void addSge(long address, int length, int lkey) {
        if (size == 0) {
            throw new IllegalStateException("there is no request yet");
        }
        // Software iWARP would read less than it is told to, without an error.
        if (lastSges > 0 && onePieceReads && lastOpcode == IbvSendWR.IBV_WR_RDMA_READ) {
            throw new IllegalStateException("a read has one piece on iWARP");
        }
        block.setSge(size - 1, lastSges, address, length, lkey);
        lastSges++;
        block.memory.set(ValueLayout.JAVA_INT, block.request(size - 1) + SendWr.NUM_SGE, lastSges);
    }

    @Override
    public FfmSendChain execute() throws IOException {
        block.post(qp.ffmContext().postSend, qp, size);
        return this;
    }

    @Override
    public SendWRMod getWrMod(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index + " of " + size);
        }
        SendRequest view = views[index];
        if (view == null) {
            view = new SendRequest(block, index);
            views[index] = view;
        }
        return view;
    }

    @Override
    public boolean isValid() {
        return block.isOpen();
    }

    @Override
    public FfmSendChain free() {
        block.close();
        return this;
    }
}
