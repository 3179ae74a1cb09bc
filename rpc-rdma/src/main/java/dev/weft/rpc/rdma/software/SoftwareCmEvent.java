package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaConnParam;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** An event of the connection manager. Its private data is there as long as the event is. */
final class SoftwareCmEvent extends RdmaCmEvent implements Owned {
    private final SoftwareCmId about;

    @SuppressWarnings("unused") // keeps the memory
    private final @Nullable MemorySegment privateData;

    private SoftwareCmEvent(
            EventType type, @Nullable SoftwareCmId listener, SoftwareCmId about, int status, @Nullable ConnectData data)
            throws IOException {
        super(number(type), listener, about);
        this.about = about;
        this.status = status;
        privateData = data == null ? null : copy(data.privateData());
        this.conn = data == null || privateData == null ? new RdmaConnParam() : new Received(data, privateData);
    }

    /** Parameters as the receiver sees them: what the other one wants is what it has to serve. */
    private static final class Received extends RdmaConnParam {
        Received(ConnectData data, MemorySegment privateData) {
            private_data_addr = privateData.address();
            private_data_len = (byte) privateData.byteSize();
            responder_resources = (byte) data.readsOut();
            initiator_depth = (byte) data.readsIn();
            retry_count = (byte) data.retries();
            rnr_retry_count = (byte) data.rnrRetries();
        }
    }

    static SoftwareCmEvent of(EventType type, SoftwareCmId about, int status, @Nullable ConnectData data) {
        return of(type, null, about, status, data);
    }

    static SoftwareCmEvent of(
            EventType type,
            @Nullable SoftwareCmId listener,
            SoftwareCmId about,
            int status,
            @Nullable ConnectData data) {
        try {
            return new SoftwareCmEvent(type, listener, about, status, data);
        } catch (IOException e) {
            throw new AssertionError("an event in memory cannot be made", e);
        }
    }

    private static MemorySegment copy(byte[] data) {
        return Arena.ofAuto().allocate(Math.max(1, data.length)).copyFrom(MemorySegment.ofArray(data));
    }

    @SuppressWarnings("EnumOrdinal") // that is what DiSNI's enum is for
    private static int number(EventType type) {
        return type.ordinal();
    }

    SoftwareCmId about() {
        return about;
    }

    @Override
    public VerbsProvider owner() {
        return about.owner();
    }
}
