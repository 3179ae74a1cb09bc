package dev.weft.rpc.rdma.libdisni;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostSend;

/** Changes a request before it is posted. */
record ListSendRequest(IbvSendWR request) implements SVCPostSend.SendWRMod, SVCPostSend.RdmaMod {
    @Override
    public void setWr_id(long wrId) {
        request.setWr_id(wrId);
    }

    @Override
    public long getWr_id() {
        return request.getWr_id();
    }

    @Override
    public void setSend_flags(int flags) {
        request.setSend_flags(flags);
    }

    @Override
    public int getSend_flags() {
        return request.getSend_flags();
    }

    @Override
    public int getNum_sge() {
        return request.getNum_sge();
    }

    @Override
    public int getOpcode() {
        return request.getOpcode();
    }

    @Override
    public SVCPostSend.RdmaMod getRdmaMod() {
        return this;
    }

    @Override
    public void setRemote_addr(long address) {
        request.getRdma().setRemote_addr(address);
    }

    @Override
    public long getRemote_addr() {
        return request.getRdma().getRemote_addr();
    }

    @Override
    public void setRkey(int rkey) {
        request.getRdma().setRkey(rkey);
    }

    @Override
    public int getRkey() {
        return request.getRdma().getRkey();
    }

    @Override
    public void setReserved(int reserved) {
        request.getRdma().setReserved(reserved);
    }

    @Override
    public int getReserved() {
        return request.getRdma().getReserved();
    }

    @Override
    public SVCPostSend.SgeMod getSgeMod(int index) {
        return new Piece(request.getSg_list().get(index));
    }

    private record Piece(IbvSge sge) implements SVCPostSend.SgeMod {
        @Override
        public void setAddr(long address) {
            sge.setAddr(address);
        }

        @Override
        public long getAddr() {
            return sge.getAddr();
        }

        @Override
        public void setLength(int length) {
            sge.setLength(length);
        }

        @Override
        public int getLength() {
            return sge.getLength();
        }

        @Override
        public void setLkey(int lkey) {
            sge.setLkey(lkey);
        }

        @Override
        public int getLkey() {
            return sge.getLkey();
        }
    }
}
