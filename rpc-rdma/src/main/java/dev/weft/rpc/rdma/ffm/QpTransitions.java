package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.IbvQP;
import dev.weft.rpc.rdma.ffm.Layouts.ConnParam;
import dev.weft.rpc.rdma.ffm.Layouts.QpAttr;
import dev.weft.rpc.rdma.verbs.QpSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Makes a queue pair ready by the connection manager's attributes, changed by {@link QpSettings}. The manager does it
 * itself for queue pairs without such settings.
 */
final class QpTransitions {
    private static final int STATE_MASK = 1;

    private final FfmCmId id;
    private final FfmQp qp;
    private final QpSettings settings;

    QpTransitions(FfmCmId id, FfmQp qp, QpSettings settings) {
        this.id = id;
        this.qp = qp;
        this.settings = settings;
    }

    void toInit() throws IOException {
        to(IbvQP.IBV_QPS_INIT, null);
    }

    /** @param parameters what will be accepted, if this is the end that accepts */
    void toReady(@Nullable MemorySegment parameters) throws IOException {
        // Only now it is known what the peer may do.
        to(IbvQP.IBV_QPS_INIT, null);
        to(IbvQP.IBV_QPS_RTR, parameters);
        to(IbvQP.IBV_QPS_RTS, parameters);
    }

    private void to(int state, @Nullable MemorySegment parameters) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(QpAttr.SIZE, Long.BYTES);
            MemorySegment mask = arena.allocate(ValueLayout.JAVA_INT);
            attributes.set(ValueLayout.JAVA_INT, QpAttr.QP_STATE, state);
            Rdmacm.INIT_QP_ATTR.call(id.address, attributes.address(), mask.address());
            switch (state) {
                case IbvQP.IBV_QPS_INIT -> init(attributes);
                case IbvQP.IBV_QPS_RTR -> readyToReceive(attributes, parameters);
                default -> readyToSend(attributes, parameters);
            }
            Ibverbs.MODIFY_QP.call(qp.address, attributes.address(), mask.get(ValueLayout.JAVA_INT, 0));
        }
    }

    private void init(MemorySegment attributes) {
        settings.pkeyIndex()
                .ifPresent(index -> attributes.set(ValueLayout.JAVA_SHORT, QpAttr.PKEY_INDEX, (short) index));
    }

    private void readyToReceive(MemorySegment attributes, @Nullable MemorySegment parameters) {
        settings.mtuBytes()
                .ifPresent(bytes -> attributes.set(ValueLayout.JAVA_INT, QpAttr.PATH_MTU, Settings.mtuCode(bytes)));
        settings.serviceLevel().ifPresent(level -> ConnParams.setByte(attributes, QpAttr.SL, level));
        settings.gidIndex().ifPresent(index -> ConnParams.setByte(attributes, QpAttr.SGID_INDEX, index));
        if (attributes.get(ValueLayout.JAVA_BYTE, QpAttr.IS_GLOBAL) != 0 && settings.trafficClass() != 0) {
            ConnParams.setByte(attributes, QpAttr.TRAFFIC_CLASS, settings.trafficClass());
        }
        copy(parameters, ConnParam.RESPONDER_RESOURCES, attributes, QpAttr.MAX_DEST_RD_ATOMIC);
    }

    private void readyToSend(MemorySegment attributes, @Nullable MemorySegment parameters) {
        ConnParams.setByte(attributes, QpAttr.TIMEOUT, settings.timeoutExponent());
        ConnParams.setByte(attributes, QpAttr.RETRY_CNT, settings.retryCount());
        copy(parameters, ConnParam.INITIATOR_DEPTH, attributes, QpAttr.MAX_RD_ATOMIC);
    }

    private static void copy(@Nullable MemorySegment from, int fromField, MemorySegment to, int toField) {
        if (from != null) {
            to.set(ValueLayout.JAVA_BYTE, toField, from.get(ValueLayout.JAVA_BYTE, fromField));
        }
    }

    /** Has everything that was posted to {@code qp} complete, with an error if need be. Does nothing if it has already. */
    static void toError(FfmQp qp) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(QpAttr.SIZE, Long.BYTES);
            attributes.set(ValueLayout.JAVA_INT, QpAttr.QP_STATE, IbvQP.IBV_QPS_ERR);
            Ibverbs.MODIFY_QP.attempt(qp.address, attributes.address(), STATE_MASK);
        }
    }
}
