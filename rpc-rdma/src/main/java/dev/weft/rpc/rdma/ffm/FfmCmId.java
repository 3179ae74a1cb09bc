package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import dev.weft.rpc.rdma.ffm.Layouts.CmId;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.QpSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One end of a connection, or a listening address. */
final class FfmCmId extends RdmaCmId implements Owned {
    private static final short RDMA_PS_TCP = 0x0106;

    final long address;

    private final FfmVerbsProvider owner;
    private final Contexts contexts;

    /** What the peer asked for, if this is the end that accepts. */
    private final @Nullable RdmaConnParam offer;

    private volatile @Nullable QpSettings settings;
    private volatile @Nullable FfmQp queuePair;

    /** Not null if the connection manager does not know the queue pair, so that we must make it ready ourselves. */
    private volatile @Nullable QpTransitions transitions;

    FfmCmId(
            FfmVerbsProvider owner,
            Contexts contexts,
            FfmEventChannel eventChannel,
            long address,
            @Nullable RdmaConnParam offer)
            throws IOException {
        super(eventChannel, null);
        this.owner = owner;
        this.contexts = contexts;
        this.address = address;
        this.offer = offer;
        ps = RDMA_PS_TCP;
    }

    @Override
    public FfmVerbsProvider owner() {
        return owner;
    }

    /** Null before the connection manager has chosen a device. Still known when the identifier is closed. */
    @Override
    public @Nullable IbvContext getVerbs() throws IOException {
        if (isOpen()) {
            setVerbs(ffmContext());
        }
        return verbs;
    }

    @Nullable
    FfmContext ffmContext() throws IOException {
        requireOpen();
        long context = Memory.getLong(address + CmId.VERBS);
        return context == 0 ? null : contexts.of(context);
    }

    @Override
    public byte getPort_num() {
        return isOpen() ? Memory.getByte(address + CmId.PORT_NUM) : port_num;
    }

    @Override
    public @Nullable IbvQP getQp() {
        return queuePair;
    }

    @Nullable
    FfmQp queuePair() {
        return queuePair;
    }

    void queuePair(@Nullable FfmQp qp) {
        queuePair = qp;
        setQp(qp);
    }

    @Nullable
    QpTransitions transitions() {
        return transitions;
    }

    void transitions(@Nullable QpTransitions byUs) {
        transitions = byUs;
    }

    @Nullable
    RdmaConnParam offer() {
        return offer;
    }

    @Nullable
    QpSettings settings() {
        return settings;
    }

    /** Takes effect from now on; what is wrong for the device is found here if it is known already, else by createQP. */
    void configure(QpSettings wanted) throws IOException {
        FfmContext context = ffmContext();
        if (context != null) {
            Settings.check(wanted, this, context);
        }
        if (offer == null) {
            Settings.setOptions(wanted, this);
        }
        settings = wanted;
    }

    void requireOpen() throws IOException {
        if (!isOpen()) {
            throw new IOException("the identifier of the connection is closed");
        }
    }
}
