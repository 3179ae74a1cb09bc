package dev.weft.rpc.rdma;

import static com.ibm.disni.verbs.IbvSendWR.IBV_SEND_FENCE;
import static com.ibm.disni.verbs.IbvSendWR.IBV_SEND_SIGNALED;

import com.ibm.disni.verbs.IbvSendWR;
import dev.weft.rpc.rdma.verbs.SendChain;

/**
 * Puts pieces of a transfer into a chain of work requests: neighbours at the peer become one request that scatters or
 * gathers, and the last request reports for all. Holds nothing but the counts of the last chain; for one thread at a time.
 */
final class TransferChain {
    private final SendChain chain;
    private final OpenDevice device;
    private final Rail rail;
    private final int maxSge;
    private int reads;
    private long readBytes;
    private long bytes;

    TransferChain(SendChain chain, OpenDevice device, Rail rail, int maxSge) {
        this.chain = chain;
        this.device = device;
        this.rail = rail;
        this.maxSge = maxSge;
    }

    /**
     * Fills the chain with the pieces {@code from} to {@code end}.
     *
     * @param iwarp over iWARP a read has one local piece of memory, and a write may be reported before the reads that it
     *     follows, if there is no fence
     */
    void fill(TransferOp op, int from, int end, long wrId, boolean iwarp) {
        chain.clear();
        reads = 0;
        readBytes = 0;
        bytes = 0;
        int sges = 0;
        for (int i = from; i < end; i++) {
            boolean read = op.isRead(i);
            int sgesMax = read && iwarp ? 1 : maxSge;
            if (i > from && sges < sgesMax && op.continues(i)) {
                sges++;
            } else {
                sges = 1;
                int opcode = read ? IbvSendWR.IBV_WR_RDMA_READ : IbvSendWR.IBV_WR_RDMA_WRITE;
                int flags = isLastRequest(op, i, end, sgesMax) ? IBV_SEND_SIGNALED : 0;
                if (iwarp && !read && reads > 0) {
                    flags |= IBV_SEND_FENCE;
                }
                chain.add(wrId, opcode, flags, 0, op.remoteAddress(i), op.rkey(i, rail));
                reads += read ? 1 : 0;
            }
            chain.addSge(op.localAddress(i), op.bytes(i), op.lkey(i, device));
            bytes += op.bytes(i);
            readBytes += read ? op.bytes(i) : 0;
        }
    }

    /** Whether the request that begins at {@code i} is the chain's last: all that follow are pieces of it. */
    private static boolean isLastRequest(TransferOp op, int i, int end, int sgesMax) {
        for (int next = i + 1; next < end; next++) {
            if (next - i >= sgesMax || !op.continues(next)) {
                return false;
            }
        }
        return true;
    }

    /** Of the last chain. */
    long bytes() {
        return bytes;
    }

    /** Counts the last chain, which is about to be posted. */
    void count(RdmaCounters counters) {
        counters.reads.add(reads);
        counters.readBytes.add(readBytes);
        counters.writes.add(chain.size() - reads);
        counters.writeBytes.add(bytes - readBytes);
    }
}
