package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.io.UncheckedIOException;

/** DiSNI's view of one request of a chain. */
record SendRequestMod(SoftwareSendChain chain, int index) implements SVCPostSend.SendWRMod, SVCPostSend.RdmaMod {
    @Override
    public void setWr_id(long wrId) {
        chain.setWrId(index, wrId);
    }

    @Override
    public void setSend_flags(int flags) {
        chain.setFlags(index, flags);
    }

    @Override
    public long getWr_id() {
        return chain.wrId(index);
    }

    @Override
    public int getNum_sge() {
        return chain.pieces(index);
    }

    @Override
    public int getOpcode() {
        return chain.opcode(index);
    }

    @Override
    public int getSend_flags() {
        return chain.flags(index);
    }

    @Override
    public SVCPostSend.RdmaMod getRdmaMod() {
        return this;
    }

    @Override
    public SVCPostSend.SgeMod getSgeMod(int piece) {
        try {
            return new PieceMod(chain, chain.piece(index, piece));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void setRemote_addr(long address) {
        chain.setRemoteAddress(index, address);
    }

    @Override
    public long getRemote_addr() {
        return chain.remoteAddress(index);
    }

    @Override
    public void setRkey(int key) {
        chain.setRemoteKey(index, key);
    }

    @Override
    public int getRkey() {
        return chain.remoteKey(index);
    }

    @Override
    public void setReserved(int reserved) {}

    @Override
    public int getReserved() {
        return 0;
    }

    /** One piece of its memory. */
    record PieceMod(SoftwareSendChain chain, int piece) implements SVCPostSend.SgeMod {
        @Override
        public void setAddr(long address) {
            chain.sgeAddresses()[piece] = address;
        }

        @Override
        public long getAddr() {
            return chain.sgeAddresses()[piece];
        }

        @Override
        public void setLength(int length) {
            chain.sgeLengths()[piece] = length;
        }

        @Override
        public int getLength() {
            return chain.sgeLengths()[piece];
        }

        @Override
        public void setLkey(int key) {
            chain.sgeKeys()[piece] = key;
        }

        @Override
        public int getLkey() {
            return chain.sgeKeys()[piece];
        }
    }
}
