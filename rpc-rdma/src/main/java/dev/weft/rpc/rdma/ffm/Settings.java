package dev.weft.rpc.rdma.ffm;

import com.ibm.disni.verbs.RdmaConnParam;
import dev.weft.rpc.rdma.ffm.Layouts.CmId;
import dev.weft.rpc.rdma.ffm.Layouts.ConnParam;
import dev.weft.rpc.rdma.ffm.Layouts.DeviceAttr;
import dev.weft.rpc.rdma.ffm.Layouts.PortAttr;
import dev.weft.rpc.rdma.verbs.QpSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@link QpSettings} mean to the connection manager and to a device.
 *
 * <p>What the manager can be told, it is told. For the rest the queue pair must be made ready by our own hand
 * ({@link QpTransitions}). Over iWARP, TCP does all of this.
 */
final class Settings {
    private static final QpSettings DEFAULTS = QpSettings.defaults();

    private Settings() {}

    /** Whether the queue pair must be made ready by ourselves. */
    static boolean needTransitions(QpSettings settings) {
        return settings.trafficClass() != DEFAULTS.trafficClass()
                || settings.timeoutExponent() != DEFAULTS.timeoutExponent()
                || settings.serviceLevel().isPresent()
                || settings.gidIndex().isPresent()
                || settings.pkeyIndex().isPresent()
                || settings.mtuBytes().isPresent();
    }

    /** Tells the connection manager what travels in its request for a connection. */
    static void setOptions(QpSettings settings, FfmCmId id) throws IOException {
        if (settings.trafficClass() != DEFAULTS.trafficClass()) {
            setOption(id, "traffic-class", Rdmacm.OPTION_ID_TOS, settings.trafficClass());
        }
        if (settings.timeoutExponent() != DEFAULTS.timeoutExponent()) {
            setOption(id, "timeout-exponent", Rdmacm.OPTION_ID_ACK_TIMEOUT, settings.timeoutExponent());
        }
    }

    private static void setOption(FfmCmId id, String setting, int option, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) value);
            Rdmacm.SET_OPTION.call(id.address, Rdmacm.OPTION_ID, option, memory.address(), 1);
        } catch (NativeException e) {
            throw new IOException(setting + " of " + value + " cannot be set: " + e.getMessage(), e);
        }
    }

    /** Refuses what the device of a connection cannot do. */
    static void check(QpSettings settings, FfmCmId id, FfmContext context) throws IOException {
        if (context.isIwarp()) {
            checkIwarp(settings, context);
            return;
        }
        if (settings.mtuBytes().isPresent()) {
            int most = activeMtuBytes(context, id.getPort_num());
            if (settings.mtuBytes().getAsInt() > most) {
                throw new IOException("mtu-bytes of " + settings.mtuBytes().getAsInt() + " exceed the " + most + " of "
                        + context.name());
            }
        }
        if (settings.gidIndex().isPresent()) {
            checkGid(settings.gidIndex().getAsInt(), id, context);
        }
    }

    private static void checkIwarp(QpSettings settings, FfmContext context) throws IOException {
        String refused = settings.serviceLevel().isPresent()
                ? "service-level"
                : settings.gidIndex().isPresent()
                        ? "gid-index"
                        : settings.pkeyIndex().isPresent()
                                ? "pkey-index"
                                : settings.mtuBytes().isPresent()
                                        ? "mtu-bytes"
                                        : settings.timeoutExponent() != DEFAULTS.timeoutExponent()
                                                ? "timeout-exponent"
                                                : "";
        if (!refused.isEmpty()) {
            throw new IOException(refused + " cannot be set on " + context.name() + ": it is iWARP, where TCP has it");
        }
    }

    /** The connection manager chooses the source by address; another index of the same address is another protocol. */
    private static void checkGid(int index, FfmCmId id, FfmContext context) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment gid = arena.allocate(16);
            Ibverbs.QUERY_GID.call(context.address, id.getPort_num(), index, gid.address());
            if (gid.mismatch(Memory.at(id.address + CmId.SGID, 16)) >= 0) {
                throw new IOException("gid-index " + index + " of " + context.name()
                        + " is not the address that the connection has; bind it to the address of that GID");
            }
        } catch (NativeException e) {
            throw new IOException("gid-index " + index + " of " + context.name() + ": " + e.getMessage(), e);
        }
    }

    private static int activeMtuBytes(FfmContext context, int port) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(PortAttr.SIZE, Integer.BYTES);
            Ibverbs.QUERY_PORT.call(context.address, port, attributes.address());
            return mtuBytes(attributes.get(ValueLayout.JAVA_INT, PortAttr.ACTIVE_MTU));
        }
    }

    /** Of {@code enum ibv_mtu}: 256 is 1, 4096 is 5. */
    static int mtuBytes(int code) {
        return 128 << code;
    }

    static int mtuCode(int bytes) {
        return Integer.numberOfTrailingZeros(bytes) - 7;
    }

    /** Puts what the settings say over what the caller of connect or accept gave. */
    static void apply(QpSettings settings, FfmCmId id, FfmContext context, MemorySegment parameters)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocate(DeviceAttr.SIZE, Long.BYTES);
            Ibverbs.QUERY_DEVICE.call(context.address, device.address());
            int responder = Math.min(settings.maxReads(), device.get(ValueLayout.JAVA_INT, DeviceAttr.MAX_QP_RD_ATOM));
            int initiator =
                    Math.min(settings.maxReads(), device.get(ValueLayout.JAVA_INT, DeviceAttr.MAX_QP_INIT_RD_ATOM));
            RdmaConnParam offer = id.offer();
            if (offer != null) {
                responder = Math.min(responder, Byte.toUnsignedInt(offer.getResponder_resources()));
                initiator = Math.min(initiator, Byte.toUnsignedInt(offer.getInitiator_depth()));
            }
            ConnParams.setByte(parameters, ConnParam.RESPONDER_RESOURCES, responder);
            ConnParams.setByte(parameters, ConnParam.INITIATOR_DEPTH, initiator);
            ConnParams.setByte(parameters, ConnParam.RETRY_COUNT, settings.retryCount());
        }
    }
}
