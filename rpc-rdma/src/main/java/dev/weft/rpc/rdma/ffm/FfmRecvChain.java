package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSge;
import dev.weft.rpc.rdma.ffm.Layouts.RecvWr;
import dev.weft.rpc.rdma.verbs.RecvChain;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Receive requests that are written where the device reads them. Also what DiSNI's own postRecv gives. */
final class FfmRecvChain extends RecvChain {
    private final FfmQp qp;
    private final RequestBlock block;
    private int size;

    FfmRecvChain(FfmQp qp, int maxRequests, int maxSge) {
        this.qp = qp;
        block = new RequestBlock(RecvWr.SIZE, maxRequests, maxSge);
    }

    static FfmRecvChain of(FfmQp qp, List<IbvRecvWR> requests) {
        int maxSge = requests.stream()
                .mapToInt(request -> request.getSg_list().size())
                .max()
                .orElse(0);
        var chain = new FfmRecvChain(qp, requests.size(), maxSge);
        for (IbvRecvWR request : requests) {
            chain.begin(request.getWr_id(), request.getSg_list().size());
            int piece = 0;
            for (IbvSge sge : request.getSg_list()) {
                chain.block.setSge(chain.size - 1, piece++, sge.getAddr(), sge.getLength(), sge.getLkey());
            }
        }
        return chain;
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
    public void add(long wrId, long address, int length, int lkey) {
        begin(wrId, 1);
        block.setSge(size - 1, 0, address, length, lkey);
    }

    private void begin(long wrId, int sges) {
        block.requireRoom(size);
        MemorySegment memory = block.memory;
        long at = block.request(size);
        memory.set(ValueLayout.JAVA_LONG, at + RecvWr.WR_ID, wrId);
        memory.set(ValueLayout.JAVA_LONG, at + RecvWr.NEXT, 0);
        memory.set(ValueLayout.JAVA_LONG, at + RecvWr.SG_LIST, block.sgeAddress(size));
        memory.set(ValueLayout.JAVA_INT, at + RecvWr.NUM_SGE, sges);
        if (size > 0) {
            memory.set(ValueLayout.JAVA_LONG, block.request(size - 1) + RecvWr.NEXT, block.requestAddress(size));
        }
        size++;
    }

    @Override
    public FfmRecvChain execute() throws IOException {
        block.post(qp.ffmContext().postRecv, qp, size);
        return this;
    }

    @Override
    public RecvWRMod getWrMod(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index + " of " + size);
        }
        return () -> block.memory.get(ValueLayout.JAVA_LONG, block.request(index) + RecvWr.WR_ID);
    }

    @Override
    public boolean isValid() {
        return block.isOpen();
    }

    @Override
    public FfmRecvChain free() {
        block.close();
        return this;
    }
}
