package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.SVCPostSend;
import dev.weft.rpc.rdma.ffm.Layouts.SendWr;
import dev.weft.rpc.rdma.ffm.Layouts.Sge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A view of one send request and of what is remote in it. */
final class SendRequest implements SVCPostSend.SendWRMod, SVCPostSend.RdmaMod {
    private final RequestBlock block;
    private final int index;
    private final long at;
    private final List<Piece> pieces = new ArrayList<>();

    SendRequest(RequestBlock block, int index) {
        this.block = block;
        this.index = index;
        at = block.request(index);
    }

    @Override
    public void setWr_id(long wrId) {
        block.memory.set(ValueLayout.JAVA_LONG, at + SendWr.WR_ID, wrId);
    }

    @Override
    public long getWr_id() {
        return block.memory.get(ValueLayout.JAVA_LONG, at + SendWr.WR_ID);
    }

    @Override
    public void setSend_flags(int flags) {
        block.memory.set(ValueLayout.JAVA_INT, at + SendWr.SEND_FLAGS, flags);
    }

    @Override
    public int getSend_flags() {
        return block.memory.get(ValueLayout.JAVA_INT, at + SendWr.SEND_FLAGS);
    }

    @Override
    public int getNum_sge() {
        return block.memory.get(ValueLayout.JAVA_INT, at + SendWr.NUM_SGE);
    }

    @Override
    public int getOpcode() {
        return block.memory.get(ValueLayout.JAVA_INT, at + SendWr.OPCODE);
    }

    @Override
    public SVCPostSend.RdmaMod getRdmaMod() {
        return this;
    }

    @Override
    public void setRemote_addr(long address) {
        block.memory.set(ValueLayout.JAVA_LONG, at + SendWr.RDMA_REMOTE_ADDR, address);
    }

    @Override
    public long getRemote_addr() {
        return block.memory.get(ValueLayout.JAVA_LONG, at + SendWr.RDMA_REMOTE_ADDR);
    }

    @Override
    public void setRkey(int rkey) {
        block.memory.set(ValueLayout.JAVA_INT, at + SendWr.RDMA_RKEY, rkey);
    }

    @Override
    public int getRkey() {
        return block.memory.get(ValueLayout.JAVA_INT, at + SendWr.RDMA_RKEY);
    }

    /** Does nothing: C has no such field. */
    @Override
    public void setReserved(int reserved) {}

    @Override
    public int getReserved() {
        return 0;
    }

    @Override
    public SVCPostSend.SgeMod getSgeMod(int piece) {
        if (piece < 0 || piece >= getNum_sge()) {
            throw new IndexOutOfBoundsException(piece + " of " + getNum_sge());
        }
        while (pieces.size() <= piece) {
            pieces.add(new Piece(block.memory, block.sge(index, pieces.size())));
        }
        return pieces.get(piece);
    }

    private record Piece(MemorySegment memory, long at) implements SVCPostSend.SgeMod {
        @Override
        public void setAddr(long address) {
            memory.set(ValueLayout.JAVA_LONG, at + Sge.ADDR, address);
        }

        @Override
        public long getAddr() {
            return memory.get(ValueLayout.JAVA_LONG, at + Sge.ADDR);
        }

        @Override
        public void setLength(int length) {
            memory.set(ValueLayout.JAVA_INT, at + Sge.LENGTH, length);
        }

        @Override
        public int getLength() {
            return memory.get(ValueLayout.JAVA_INT, at + Sge.LENGTH);
        }

        @Override
        public void setLkey(int lkey) {
            memory.set(ValueLayout.JAVA_INT, at + Sge.LKEY, lkey);
        }

        @Override
        public int getLkey() {
            return memory.get(ValueLayout.JAVA_INT, at + Sge.LKEY);
        }
    }
}
