package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.SVCDeregMr;
import java.io.IOException;

/** Ends a registration. */
final class FfmDeregMr extends SVCDeregMr {
    private final FfmMr region;
    private boolean valid = true;

    FfmDeregMr(FfmMr region) {
        this.region = region;
    }

    @Override
    public FfmDeregMr execute() throws IOException {
        region.destroy();
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmDeregMr free() {
        valid = false;
        return this;
    }
}
