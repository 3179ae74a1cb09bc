package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.SVCDeregMr;

/** DiSNI's call that ends a region. */
final class DeregisterCall extends SVCDeregMr {
    private final SoftwareVerbs verbs;
    private final SoftwareMr region;
    private boolean valid = true;

    DeregisterCall(SoftwareVerbs verbs, SoftwareMr region) {
        this.verbs = verbs;
        this.region = region;
    }

    @Override
    public DeregisterCall execute() {
        verbs.deregister(region);
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public DeregisterCall free() {
        valid = false;
        return this;
    }
}
