package dev.weft.rpc.tcp;

import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.Transfer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One-sided transfers that this process has under way on one connection. */
final class Transfers {
    private final TcpConnection connection;
    private final Clock clock;
    private final AtomicLong nextId = new AtomicLong(1);
    private final ConcurrentHashMap<Long, PendingTransfer> pending = new ConcurrentHashMap<>();

    Transfers(TcpConnection connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** Does all transfers and waits; see {@link dev.weft.rpc.spi.TransportConnection#transfer}. */
    void execute(List<Transfer> transfers, long deadlineNanos) {
        if (!connection.isOpen()) {
            throw connection.closed();
        }
        TransferGroup group = new TransferGroup(transfers.size());
        List<PendingTransfer> started = new ArrayList<>(transfers.size());
        try {
            for (Transfer transfer : transfers) {
                PendingTransfer one = new PendingTransfer(nextId.getAndIncrement(), transfer, group);
                started.add(one);
                pending.put(one.id(), one);
            }
            if (!connection.isOpen()) {
                throw connection.closed();
            }
            started.forEach(one -> connection.submit(one.item()));
            group.await(clock, deadlineNanos);
        } finally {
            for (PendingTransfer one : started) {
                pending.remove(one.id());
                one.letGo();
            }
        }
    }

    // --- on the loop's thread

    /** Where a piece of what we read goes. */
    BodySink data(long id, long offset) {
        PendingTransfer one = pending.get(id);
        return one == null ? BodySink.DISCARD : one.piece(offset);
    }

    /** The peer has ended a transfer. */
    void done(long id, int status, byte[] text) {
        PendingTransfer one = pending.get(id);
        if (one != null) {
            one.end(
                    status == 0
                            ? null
                            : new RpcException(
                                    StatusCode.ofWireValue(status),
                                    connection.peer() + ": " + new String(text, StandardCharsets.UTF_8)));
        }
    }

    void onClosed(String reason) {
        RpcException lost = new RpcException(StatusCode.CONNECTION_LOST, connection.peer() + ": " + reason);
        pending.values().forEach(one -> one.end(lost));
    }
}
