package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvMr;
import dev.weft.rpc.rdma.ffm.Layouts.Mr;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;

/** A memory region. Its length is cut to what an int can say, which is all that DiSNI asks for. */
final class FfmMr extends IbvMr implements Owned {
    private static final int ENOMEM = 12;

    private final FfmPd pd;
    private final long region;

    private FfmMr(FfmPd pd, long region, long address, int length, int access) throws IOException {
        super(
                pd.ffmContext(),
                address,
                length,
                access,
                Memory.getInt(region + Mr.LKEY),
                Memory.getInt(region + Mr.RKEY),
                Memory.getInt(region + Mr.HANDLE));
        this.pd = pd;
        this.region = region;
    }

    static FfmMr register(FfmPd pd, long address, long length, int access) throws IOException {
        long region;
        try {
            region = Ibverbs.REG_MR.pointer(pd.address, address, length, access);
        } catch (NativeException e) {
            String advice = e.errno() == ENOMEM ? "; the limit of locked memory (ulimit -l) may be too low" : "";
            throw new IOException("registration of " + length + " bytes: " + e.getMessage() + advice, e);
        }
        return new FfmMr(pd, region, address, (int) Math.min(length, Integer.MAX_VALUE), access);
    }

    @Override
    public FfmVerbsProvider owner() {
        return pd.owner();
    }

    void destroy() throws IOException {
        if (isOpen()) {
            Ibverbs.DEREG_MR.call(region);
            close();
        }
    }
}
