package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.SVCRegMr;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Registers the same memory each time it is executed. */
final class FfmRegMr extends SVCRegMr {
    private final FfmPd pd;
    private final MemorySegment memory;
    private final int access;
    private boolean valid = true;
    private @Nullable FfmMr region;

    FfmRegMr(FfmPd pd, MemorySegment memory, int access) {
        this.pd = pd;
        this.memory = memory;
        this.access = access;
    }

    @Override
    public FfmRegMr execute() throws IOException {
        if (!valid) {
            throw new IOException("the call was freed");
        }
        region = FfmMr.register(pd, memory.address(), memory.byteSize(), access);
        return this;
    }

    @Override
    public IbvMr getMr() {
        if (region == null) {
            throw new IllegalStateException("the call was not executed yet");
        }
        return region;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmRegMr free() {
        valid = false;
        return this;
    }
}
