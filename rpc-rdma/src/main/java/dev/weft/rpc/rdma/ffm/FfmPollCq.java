package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import dev.weft.rpc.rdma.ffm.Layouts.Wc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Takes completions from a queue into the caller's objects, without allocating. */
final class FfmPollCq extends SVCPollCq {
    private final FfmCq queue;
    private final IbvWC[] completions;
    private final int count;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment taken;
    private int polls;

    FfmPollCq(FfmCq queue, IbvWC[] completions, int count) {
        if (count < 1 || count > completions.length) {
            throw new IllegalArgumentException(count + " is not in 1.." + completions.length);
        }
        this.queue = queue;
        this.completions = completions;
        this.count = count;
        taken = arena.allocate((long) Wc.SIZE * count, Long.BYTES);
    }

    @Override
    public FfmPollCq execute() throws IOException {
        polls = 0;
        if (!isValid() || !queue.isOpen()) {
            throw new IOException("the completion queue is closed");
        }
        int found = HotCalls.pollCq(queue.ffmContext().pollCq, queue.address, count, taken.address());
        if (found < 0) {
            throw new IOException("ibv_poll_cq failed: " + found);
        }
        for (int i = 0; i < found; i++) {
            copy((long) i * Wc.SIZE, completions[i]);
        }
        polls = found;
        return this;
    }

    private void copy(long at, IbvWC completion) {
        completion.setWr_id(taken.get(ValueLayout.JAVA_LONG, at + Wc.WR_ID));
        completion.setStatus(taken.get(ValueLayout.JAVA_INT, at + Wc.STATUS));
        completion.setOpcode(taken.get(ValueLayout.JAVA_INT, at + Wc.OPCODE));
        completion.setVendor_err(taken.get(ValueLayout.JAVA_INT, at + Wc.VENDOR_ERR));
        completion.setByte_len(taken.get(ValueLayout.JAVA_INT, at + Wc.BYTE_LEN));
        completion.setImm_data(taken.get(ValueLayout.JAVA_INT, at + Wc.IMM_DATA));
        completion.setQp_num(taken.get(ValueLayout.JAVA_INT, at + Wc.QP_NUM));
        completion.setSrc_qp(taken.get(ValueLayout.JAVA_INT, at + Wc.SRC_QP));
        completion.setWc_flags(taken.get(ValueLayout.JAVA_INT, at + Wc.WC_FLAGS));
        completion.setPkey_index(taken.get(ValueLayout.JAVA_SHORT, at + Wc.PKEY_INDEX));
        completion.setSlid(taken.get(ValueLayout.JAVA_SHORT, at + Wc.SLID));
        completion.setSl(taken.get(ValueLayout.JAVA_BYTE, at + Wc.SL));
        completion.setDlid_path_bits(taken.get(ValueLayout.JAVA_BYTE, at + Wc.DLID_PATH_BITS));
    }

    @Override
    public int getPolls() {
        return polls;
    }

    @Override
    public boolean isValid() {
        return arena.scope().isAlive();
    }

    @Override
    public FfmPollCq free() {
        if (isValid()) {
            arena.close();
        }
        return this;
    }
}
