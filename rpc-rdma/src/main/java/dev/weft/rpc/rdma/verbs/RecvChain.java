package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.verbs.SVCPostRecv;
import java.io.IOException;

/** Receive requests for one queue pair, posted together by {@link #execute}; see {@link SendChain}. */
public abstract class RecvChain extends SVCPostRecv {
    /** For implementations. */
    protected RecvChain() {}

    /** Removes all requests. */
    public abstract void clear();

    /** How many requests there are. */
    public abstract int size();

    /**
     * Adds a request with one piece of memory.
     *
     * @throws IllegalStateException if there are as many requests as there can be
     */
    public abstract void add(long wrId, long address, int length, int lkey);

    /**
     * Posts the requests.
     *
     * @throws PostFailedException if not all of them were taken; says how many were
     */
    @Override
    public abstract RecvChain execute() throws IOException;
}
