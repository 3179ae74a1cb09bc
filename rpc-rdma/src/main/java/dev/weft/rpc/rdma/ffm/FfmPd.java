package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvPd;
import dev.weft.rpc.rdma.ffm.Layouts.Pd;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;

/** A protection domain. */
final class FfmPd extends IbvPd implements Owned {
    final long address;

    private final FfmContext ffmContext;

    FfmPd(FfmContext context) throws IOException {
        super(context);
        ffmContext = context;
        address = Ibverbs.ALLOC_PD.pointer(context.address);
        handle = Memory.getInt(address + Pd.HANDLE);
    }

    @Override
    public FfmVerbsProvider owner() {
        return ffmContext.owner();
    }

    FfmContext ffmContext() {
        return ffmContext;
    }

    void destroy() throws IOException {
        if (isOpen()) {
            Ibverbs.DEALLOC_PD.call(address);
            close();
        }
    }
}
