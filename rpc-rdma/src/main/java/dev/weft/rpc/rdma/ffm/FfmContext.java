package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvContext;
import dev.weft.rpc.rdma.ffm.Layouts.Context;
import dev.weft.rpc.rdma.ffm.Layouts.VerbsDevice;
import dev.weft.rpc.rdma.verbs.Owned;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A device as the connection manager has opened it, with the functions of its data path. */
final class FfmContext extends IbvContext implements Owned {
    final long address;
    final MemorySegment pollCq;
    final MemorySegment reqNotifyCq;
    final MemorySegment postSend;
    final MemorySegment postRecv;

    private final FfmVerbsProvider owner;
    private final String name;
    private final boolean iwarp;
    private final AsyncEvents events;

    FfmContext(FfmVerbsProvider owner, long address, String name) throws IOException {
        super(Memory.getInt(address + Context.CMD_FD), Memory.getInt(address + Context.NUM_COMP_VECTORS));
        this.owner = owner;
        this.address = address;
        this.name = name;
        long device = Memory.getLong(address + Context.DEVICE);
        iwarp = Memory.getInt(device + VerbsDevice.TRANSPORT_TYPE) == Ibverbs.TRANSPORT_IWARP;
        pollCq = function(Context.POLL_CQ);
        reqNotifyCq = function(Context.REQ_NOTIFY_CQ);
        postSend = function(Context.POST_SEND);
        postRecv = function(Context.POST_RECV);
        events = new AsyncEvents(this, Memory.getInt(address + Context.ASYNC_FD));
    }

    @Override
    public FfmVerbsProvider owner() {
        return owner;
    }

    String name() {
        return name;
    }

    boolean isIwarp() {
        return iwarp;
    }

    AsyncEvents events() {
        return events;
    }

    void closeEvents() {
        events.close();
    }

    private MemorySegment function(int offset) {
        return MemorySegment.ofAddress(Memory.getLong(address + offset));
    }
}
