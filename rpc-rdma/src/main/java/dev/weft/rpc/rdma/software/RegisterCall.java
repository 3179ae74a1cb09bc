package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.SVCRegMr;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** DiSNI's call that registers memory: each execution makes another region. */
final class RegisterCall extends SVCRegMr {
    private final SoftwareVerbs verbs;
    private final IbvPd pd;
    private final long address;
    private final long length;
    private final int access;
    private final @Nullable Object keptAlive;
    private @Nullable SoftwareMr made;
    private boolean valid = true;

    RegisterCall(SoftwareVerbs verbs, IbvPd pd, long address, long length, int access, @Nullable Object keptAlive) {
        this.verbs = verbs;
        this.pd = pd;
        this.address = address;
        this.length = length;
        this.access = access;
        this.keptAlive = keptAlive;
    }

    @Override
    public RegisterCall execute() throws IOException {
        made = verbs.register(pd, address, length, access, keptAlive);
        return this;
    }

    @Override
    public @Nullable IbvMr getMr() {
        return made;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public RegisterCall free() {
        valid = false;
        return this;
    }
}
