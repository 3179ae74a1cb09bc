package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.RdmaConnParam;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What one side tells the other when they connect.
 *
 * @param privateData padded with zeros to all that fits, as InfiniBand does: its length says nothing
 * @param readsOut how many reads it wants to have under way
 * @param readsIn how many reads of its peer it serves at a time
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record ConnectData(byte[] privateData, int readsOut, int readsIn, int retries, int rnrRetries) {
    static final int PRIVATE_BYTES_CONNECT = 56;
    static final int PRIVATE_BYTES_ACCEPT = 196;
    static final int PRIVATE_BYTES_REJECT = 148;

    /** Of a refusal without a reason. */
    static final ConnectData NO_REASON = new ConnectData(new byte[PRIVATE_BYTES_REJECT], 0, 0, 0, 0);

    static ConnectData of(RdmaConnParam param, int privateBytesMax) throws IOException {
        MemorySegment given = NativeMemory.at(param.getPrivate_data(), Byte.toUnsignedInt(param.getPrivate_data_len()));
        return new ConnectData(
                pad(given, privateBytesMax),
                orMost(param.getInitiator_depth()),
                orMost(param.getResponder_resources()),
                within("retry_count", param.getRetry_count()),
                within("rnr_retry_count", param.getRnr_retry_count()));
    }

    // DiSNI does not let an application say how many; if nobody did, they are as many as the device can do.
    private static int orMost(byte reads) {
        return reads == 0 ? SoftwareDevice.READS_MAX : Byte.toUnsignedInt(reads);
    }

    private static int within(String name, int value) throws IOException {
        if (value < 0 || value > 7) {
            throw Errno.EINVAL.because(name + " of " + value + " is not in 0..7");
        }
        return value;
    }

    static ConnectData ofRejection(MemorySegment reason) throws IOException {
        return new ConnectData(pad(reason, PRIVATE_BYTES_REJECT), 0, 0, 0, 0);
    }

    private static byte[] pad(MemorySegment given, int length) throws IOException {
        if (given.byteSize() > length) {
            throw Errno.EINVAL.because(given.byteSize() + " bytes of private data exceed " + length);
        }
        byte[] padded = new byte[length];
        MemorySegment.copy(given, ValueLayout.JAVA_BYTE, 0, padded, 0, (int) given.byteSize());
        return padded;
    }
}
