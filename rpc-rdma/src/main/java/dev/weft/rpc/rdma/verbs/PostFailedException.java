package dev.weft.rpc.rdma.verbs;

import java.io.IOException;

/** A chain of work requests was not taken, or only its beginning was. */
public final class PostFailedException extends IOException {
    private static final long serialVersionUID = 1;

    private final int posted;

    /**
     * Of a chain of {@code size} requests.
     *
     * @param posted how many were taken
     * @param errno of the failure
     */
    public PostFailedException(int posted, int size, int errno) {
        super(posted + " of " + size + " work requests were posted: error " + errno);
        this.posted = posted;
    }

    /** How many requests, from the beginning of the chain, belong to the device now. */
    public int posted() {
        return posted;
    }
}
