package dev.weft.rpc.rdma;

import static dev.weft.rpc.rdma.BadFrameException.check;

import java.nio.ByteBuffer;

/**
 * The keys of one piece of memory, one for each device of its owner: a count, then ordinal and key of each.
 *
 * @param ordinals of the devices
 * @param rkeys in the same order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record MemoryKeys(int[] ordinals, int[] rkeys) {
    static final int DEVICES_MAX = Rail.RAILS_MAX;

    /** Whether the device with this ordinal is among them. */
    boolean has(int ordinal) {
        return indexOf(ordinal) >= 0;
    }

    /** The key for the device with this ordinal, which is among them. */
    int rkey(int ordinal) {
        return rkeys[indexOf(ordinal)];
    }

    private int indexOf(int ordinal) {
        for (int i = 0; i < ordinals.length; i++) {
            if (ordinals[i] == ordinal) {
                return i;
            }
        }
        return -1;
    }

    void put(ByteBuffer frame) {
        frame.putInt(ordinals.length);
        for (int i = 0; i < ordinals.length; i++) {
            frame.putInt(ordinals[i]).putInt(rkeys[i]);
        }
    }

    static MemoryKeys read(ByteBuffer frame) throws BadFrameException {
        check("bytes before the keys", frame.remaining(), 4, Integer.MAX_VALUE);
        int count = frame.getInt();
        check("devices with keys", count, 0, DEVICES_MAX);
        check("bytes of keys", frame.remaining(), 8L * count, Integer.MAX_VALUE);
        int[] ordinals = new int[count];
        int[] rkeys = new int[count];
        for (int i = 0; i < count; i++) {
            ordinals[i] = frame.getInt();
            rkeys[i] = frame.getInt();
        }
        return new MemoryKeys(ordinals, rkeys);
    }
}
