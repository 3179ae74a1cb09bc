package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostSend;
import dev.weft.rpc.rdma.verbs.SendChain;
import java.io.IOException;
import java.util.List;

/** Send requests in arrays. */
final class SoftwareSendChain extends SendChain {
    private static final int FIELDS = 6;

    private final SoftwareQp qp;
    private final int maxRequests;
    private final int maxSge;

    /** Two per request: identifier, remote address. */
    private final long[] longs;

    /** Per request: opcode, flags, immediate data, remote key, pieces, bytes. */
    private final int[] ints;

    private final long[] sgeAddresses;
    private final int[] sgeLengths;
    private final int[] sgeKeys;
    private final SVCPostSend.SendWRMod[] mods;
    private int size;
    private boolean valid = true;

    SoftwareSendChain(SoftwareQp qp, int maxRequests, int maxSge) {
        if (maxRequests < 1 || maxSge < 0) {
            throw new IllegalArgumentException("a chain of " + maxRequests + " requests of " + maxSge + " pieces");
        }
        this.qp = qp;
        this.maxRequests = maxRequests;
        this.maxSge = maxSge;
        longs = new long[2 * maxRequests];
        ints = new int[FIELDS * maxRequests];
        sgeAddresses = new long[maxRequests * maxSge];
        sgeLengths = new int[maxRequests * maxSge];
        sgeKeys = new int[maxRequests * maxSge];
        mods = new SVCPostSend.SendWRMod[maxRequests];
        for (int i = 0; i < maxRequests; i++) {
            mods[i] = new SendRequestMod(this, i);
        }
    }

    /** What DiSNI's {@code postSend} makes of its list. */
    static SoftwareSendChain of(SoftwareQp qp, List<IbvSendWR> requests) throws IOException {
        int most = requests.stream().mapToInt(IbvSendWR::getNum_sge).max().orElse(0);
        var chain = new SoftwareSendChain(qp, Math.max(1, requests.size()), most);
        for (IbvSendWR request : requests) {
            IbvSendWR.Rdma remote = request.getRdma();
            chain.add(
                    request.getWr_id(),
                    request.getOpcode(),
                    request.getSend_flags(),
                    request.getImm_data(),
                    remote == null ? 0 : remote.getRemote_addr(),
                    remote == null ? 0 : remote.getRkey());
            for (int i = 0; i < request.getNum_sge(); i++) {
                IbvSge piece = request.getSge(i);
                chain.addSge(piece.getAddr(), piece.getLength(), piece.getLkey());
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
    public void add(long wrId, int opcode, int flags, int immediate, long remoteAddress, int rkey) {
        if (size == maxRequests) {
            throw new IllegalStateException("the chain has " + maxRequests + " requests already");
        }
        longs[2 * size] = wrId;
        longs[2 * size + 1] = remoteAddress;
        int at = FIELDS * size;
        ints[at] = opcode;
        ints[at + 1] = flags;
        ints[at + 2] = immediate;
        ints[at + 3] = rkey;
        ints[at + 4] = 0;
        size++;
    }

    @Override
    public void addSge(long address, int length, int lkey) {
        if (size == 0) {
            throw new IllegalStateException("the chain has no request yet");
        }
        int pieces = ints[FIELDS * (size - 1) + 4]++;
        if (pieces >= maxSge) {
            ints[FIELDS * (size - 1) + 4] = maxSge;
            throw new IllegalStateException("the request has " + maxSge + " pieces already");
        }
        int piece = (size - 1) * maxSge + pieces;
        sgeAddresses[piece] = address;
        sgeLengths[piece] = length;
        sgeKeys[piece] = lkey;
    }

    @Override
    public SoftwareSendChain execute() throws IOException {
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
    public SoftwareSendChain free() {
        valid = false;
        return this;
    }

    @Override
    public SVCPostSend.SendWRMod getWrMod(int index) throws IOException {
        if (index < 0 || index >= size) {
            throw new IOException("request " + index + " of a chain of " + size);
        }
        return mods[index];
    }

    int opcode(int index) {
        return ints[FIELDS * index];
    }

    int flags(int index) {
        return ints[FIELDS * index + 1];
    }

    void setFlags(int index, int flags) {
        ints[FIELDS * index + 1] = flags;
    }

    int remoteKey(int index) {
        return ints[FIELDS * index + 3];
    }

    void setRemoteKey(int index, int key) {
        ints[FIELDS * index + 3] = key;
    }

    int pieces(int index) {
        return ints[FIELDS * index + 4];
    }

    long wrId(int index) {
        return longs[2 * index];
    }

    void setWrId(int index, long wrId) {
        longs[2 * index] = wrId;
    }

    long remoteAddress(int index) {
        return longs[2 * index + 1];
    }

    void setRemoteAddress(int index, long address) {
        longs[2 * index + 1] = address;
    }

    /** The memory of a request altogether. */
    long bytes(int index) {
        long bytes = 0;
        for (int i = index * maxSge; i < index * maxSge + pieces(index); i++) {
            bytes += Integer.toUnsignedLong(sgeLengths[i]);
        }
        return bytes;
    }

    long[] sgeAddresses() {
        return sgeAddresses;
    }

    int[] sgeLengths() {
        return sgeLengths;
    }

    int[] sgeKeys() {
        return sgeKeys;
    }

    /** Where the arrays of pieces have this one. */
    int piece(int index, int piece) throws IOException {
        if (piece < 0 || piece >= pieces(index)) {
            throw new IOException("piece " + piece + " of a request of " + pieces(index));
        }
        return index * maxSge + piece;
    }

    void copyTo(int index, long[] longsTo, int longsAt, int[] intsTo, int intsAt) {
        System.arraycopy(longs, 2 * index, longsTo, longsAt, 2);
        System.arraycopy(ints, FIELDS * index, intsTo, intsAt, FIELDS - 1);
        intsTo[intsAt + FIELDS - 1] = (int) Math.min(bytes(index), Integer.MAX_VALUE);
    }

    void copyPiecesTo(int index, long[] addresses, int[] lengths, int[] keys, int at) {
        int pieces = pieces(index);
        System.arraycopy(sgeAddresses, index * maxSge, addresses, at, pieces);
        System.arraycopy(sgeLengths, index * maxSge, lengths, at, pieces);
        System.arraycopy(sgeKeys, index * maxSge, keys, at, pieces);
    }
}
