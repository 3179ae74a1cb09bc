package dev.weft.rpc.rdma;

import java.util.List;

/**
 * What is left of a queue pair that has ended: how much came over it, and what was sent and may not have arrived. Once the
 * peer has said how much it received, the rest is sent again, so that each message arrives exactly once.
 *
 * @param epoch of the rail
 * @param received buffers received over it; final, since the queue pair is destroyed
 * @param firstUnacknowledged number of the first of {@code unacknowledged}
 */
record RailRemains(Rail rail, int epoch, long received, long firstUnacknowledged, List<byte[]> unacknowledged) {
    /**
     * What the peer has not received.
     *
     * @param peerReceived how many buffers it has, of which the lower 32 bits count
     */
    List<byte[]> after(long peerReceived) throws BadFrameException {
        long skip = (peerReceived - firstUnacknowledged) & 0xFFFF_FFFFL;
        if (skip > unacknowledged.size()) {
            throw new BadFrameException("the peer has received " + peerReceived + " buffers of " + firstUnacknowledged
                    + " to " + (firstUnacknowledged + unacknowledged.size()));
        }
        return unacknowledged.subList((int) skip, unacknowledged.size());
    }
}
