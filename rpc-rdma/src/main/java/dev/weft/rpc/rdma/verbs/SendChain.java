package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;

/**
 * Work requests for one queue pair, posted together by {@link #execute}. For one thread at a time.
 *
 * {@snippet :
 * chain.clear();
 * chain.add(wrId, IbvSendWR.IBV_WR_RDMA_READ, IbvSendWR.IBV_SEND_SIGNALED, 0, remoteAddress, rkey);
 * chain.addSge(local.address(), (int) local.byteSize(), lkey);
 * chain.execute();
 * }
 *
 * Unlike its superclass, whose requests keep opcode and count for life, a chain is filled anew for each post; in the
 * steady state nothing is allocated. {@code getWrMod} gives the requests that were added, in order.
 */
public abstract class SendChain extends SVCPostSend {
    /** For implementations. */
    protected SendChain() {}

    /** Removes all requests. */
    public abstract void clear();

    /** How many requests there are. */
    public abstract int size();

    /**
     * Adds a request without memory; {@link #addSge} gives it some.
     *
     * @param opcode one of {@code IbvSendWR.IBV_WR_*}
     * @param flags of {@code IbvSendWR.IBV_SEND_*}
     * @param immediate arrives at the peer as these 32 bits, if the opcode has immediate data
     * @param remoteAddress and {@code rkey} of one-sided requests; 0 otherwise
     * @throws IllegalStateException if there are as many requests as there can be
     */
    public abstract void add(long wrId, int opcode, int flags, int immediate, long remoteAddress, int rkey);

    /**
     * Adds a piece of local memory to the last request.
     *
     * @throws IllegalStateException if the request has as many pieces as it can have
     */
    public abstract void addSge(long address, int length, int lkey);

    /**
     * Posts the requests; on return they belong to the device and the chain may be cleared.
     *
     * @throws PostFailedException if not all of them were taken; says how many were
     */
    @Override
    public abstract SendChain execute() throws IOException;
}
