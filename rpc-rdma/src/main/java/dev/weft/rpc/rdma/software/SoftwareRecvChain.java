package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import dev.weft.rpc.rdma.verbs.RecvChain;
import java.io.IOException;
import java.util.List;

/** Receive requests in arrays. */
final class SoftwareRecvChain extends RecvChain {
    private final SoftwareQp qp;
    private final int maxRequests;
    private final int maxSge;
    private final long[] wrIds;
    private final int[] pieces;
    private final long[] sgeAddresses;
    private final int[] sgeLengths;
    private final int[] sgeKeys;
    private int size;
    private boolean valid = true;

    SoftwareRecvChain(SoftwareQp qp, int maxRequests, int maxSge) {
        if (maxRequests < 1) {
            throw new IllegalArgumentException("a chain of " + maxRequests + " requests");
        }
        this.qp = qp;
        this.maxRequests = maxRequests;
        this.maxSge = maxSge;
        wrIds = new long[maxRequests];
        pieces = new int[maxRequests];
        sgeAddresses = new long[maxRequests * maxSge];
        sgeLengths = new int[maxRequests * maxSge];
        sgeKeys = new int[maxRequests * maxSge];
    }

    /** What DiSNI's {@code postRecv} makes of its list. */
    static SoftwareRecvChain of(SoftwareQp qp, List<IbvRecvWR> requests) {
        int most = 1;
        for (IbvRecvWR request : requests) {
            most = Math.max(most, request.getSg_list().size());
        }
        var chain = new SoftwareRecvChain(qp, Math.max(1, requests.size()), most);
        for (IbvRecvWR request : requests) {
            int index = chain.begin(request.getWr_id());
            for (IbvSge piece : request.getSg_list()) {
                chain.addPiece(index, piece.getAddr(), piece.getLength(), piece.getLkey());
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
        addPiece(begin(wrId), address, length, lkey);
    }

    private int begin(long wrId) {
        if (size == maxRequests) {
            throw new IllegalStateException("the chain has " + maxRequests + " requests already");
        }
        wrIds[size] = wrId;
        pieces[size] = 0;
        return size++;
    }

    private void addPiece(int index, long address, int length, int lkey) {
        int piece = index * maxSge + pieces[index]++;
        sgeAddresses[piece] = address;
        sgeLengths[piece] = length;
        sgeKeys[piece] = lkey;
    }

    @Override
    public SoftwareRecvChain execute() throws IOException {
        if (!valid) {
            throw Errno.EINVAL.because("the chain has been freed");
        }
        qp.core().post(this);
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SoftwareRecvChain free() {
        valid = false;
        return this;
    }

    @Override
    public SVCPostRecv.RecvWRMod getWrMod(int index) throws IOException {
        if (index < 0 || index >= size) {
            throw new IOException("request " + index + " of a chain of " + size);
        }
        return new Mod(wrIds[index]);
    }

    int pieces(int index) {
        return pieces[index];
    }

    long wrId(int index) {
        return wrIds[index];
    }

    void copyPiecesTo(int index, long[] addresses, int[] lengths, int[] keys, int at) {
        System.arraycopy(sgeAddresses, index * maxSge, addresses, at, pieces[index]);
        System.arraycopy(sgeLengths, index * maxSge, lengths, at, pieces[index]);
        System.arraycopy(sgeKeys, index * maxSge, keys, at, pieces[index]);
    }

    private record Mod(long wrId) implements SVCPostRecv.RecvWRMod {
        @Override
        public long getWr_id() {
            return wrId;
        }
    }
}
