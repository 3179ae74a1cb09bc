package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvWC;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The completions of a queue, in slots that are used round and round. Not thread-safe. */
final class CompletionRing {
    private static final int FIELDS = 5;

    private final int capacity;
    private final @Nullable QueuePair[] queuePairs;
    private final boolean[] ofSend;

    /** Two numbers per slot: the identifier of the request and its place in its queue. */
    private final long[] longs;

    /** Per slot: status, opcode, bytes, immediate data, flags. */
    private final int[] ints;

    private int head;
    private int size;

    CompletionRing(int capacity) {
        this.capacity = capacity;
        queuePairs = new @Nullable QueuePair[capacity];
        ofSend = new boolean[capacity];
        longs = new long[2 * capacity];
        ints = new int[FIELDS * capacity];
    }

    int size() {
        return size;
    }

    /**
     * Adds one, or says that there is no room.
     *
     * @param disorder if given, lets it overtake completions of other queue pairs by chance
     */
    boolean add(Completion completion, @Nullable RandomGenerator disorder) {
        if (size == capacity) {
            return false;
        }
        int index = size++;
        if (disorder != null) {
            int overtake = disorder.nextInt(size);
            while (overtake > 0 && queuePairs[slot(index - 1)] != completion.queuePair) {
                move(slot(index - 1), slot(index));
                index--;
                overtake--;
            }
        }
        put(slot(index), completion);
        return true;
    }

    private void put(int slot, Completion completion) {
        queuePairs[slot] = completion.queuePair;
        ofSend[slot] = completion.ofSend;
        longs[2 * slot] = completion.wrId;
        longs[2 * slot + 1] = completion.sequence;
        int at = FIELDS * slot;
        ints[at] = completion.status;
        ints[at + 1] = completion.opcode;
        ints[at + 2] = completion.bytes;
        ints[at + 3] = completion.immediate;
        ints[at + 4] = completion.flags;
    }

    /** Takes the oldest out, and gives the slots of its request, and of those before it, back to its queue pair. */
    void poll(IbvWC into) {
        int at = FIELDS * head;
        QueuePair queuePair = queuePairs[head];
        if (queuePair == null) {
            throw new AssertionError("slot " + head + " of " + size + " is empty");
        }
        into.setWr_id(longs[2 * head]);
        into.setStatus(ints[at]);
        into.setOpcode(ints[at + 1]);
        into.setVendor_err(0);
        into.setByte_len(ints[at + 2]);
        into.setImm_data(ints[at + 3]);
        into.setWc_flags(ints[at + 4]);
        into.setQp_num(queuePair.number());
        into.setSrc_qp(queuePair.peerNumber());
        queuePair.retire(ofSend[head], longs[2 * head + 1]);
        queuePairs[head] = null;
        head = slot(1);
        size--;
    }

    void removeAllOf(QueuePair user) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int slot = slot(i);
            if (queuePairs[slot] != user) {
                move(slot, slot(kept++));
            }
        }
        for (int i = kept; i < size; i++) {
            queuePairs[slot(i)] = null;
        }
        size = kept;
    }

    private int slot(int index) {
        int slot = head + index;
        return slot < capacity ? slot : slot - capacity;
    }

    private void move(int from, int to) {
        if (from == to) {
            return;
        }
        queuePairs[to] = queuePairs[from];
        ofSend[to] = ofSend[from];
        System.arraycopy(longs, 2 * from, longs, 2 * to, 2);
        System.arraycopy(ints, FIELDS * from, ints, FIELDS * to, FIELDS);
    }
}
