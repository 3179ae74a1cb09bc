package dev.weft.rpc.recorder;

import dev.weft.rpc.StatusCode;
import dev.weft.rpc.TraceId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call, as one side recorded it. Times are in nanoseconds after {@code begun}, or {@link #NOT_REACHED}; see
 * {@link dev.weft.rpc.spi.CallRecord} for what the stages are.
 *
 * @param server which side this is
 * @param service fully qualified; empty for a request that asks for nothing that is served
 * @param status null for a call that has a result
 * @param callId the same on both sides of one connection
 * @param begun of the client's call, or when the server had the request; by the clock of the machine that recorded
 * @param queueNanos what the server said of itself to a client; to the microsecond
 * @param handlerNanos likewise
 */
public record RecordedCall(
        boolean server,
        String service,
        String method,
        String peer,
        @Nullable StatusCode status,
        long callId,
        TraceId traceId,
        Instant begun,
        long secondNanos,
        long thirdNanos,
        long lastNanos,
        long requestBytes,
        long replyBytes,
        long queueNanos,
        long handlerNanos,
        Items items) {
    /** Of a stage that the call did not reach. */
    public static final long NOT_REACHED = -1;

    /**
     * Items of the call's streams, and their bytes.
     *
     * @param present whether the call has streams
     */
    public record Items(boolean present, long toServer, long bytesToServer, long toClient, long bytesToClient) {
        static final Items NONE = new Items(false, 0, 0, 0, 0);
    }

    /** {@code Echo/echo}, or {@code ?}. */
    public String name() {
        return service.isEmpty() ? "?" : service.substring(service.lastIndexOf('.') + 1) + "/" + method;
    }

    /** {@code OK} or the name of the status. */
    public String outcome() {
        return Optional.ofNullable(status).map(StatusCode::name).orElse("OK");
    }

    /** Until the last stage that was reached. */
    public long totalNanos() {
        return Math.max(Math.max(secondNanos, 0), Math.max(thirdNanos, lastNanos));
    }

    /** Request, reply and items. */
    public long bytes() {
        return requestBytes + replyBytes + items.bytesToServer() + items.bytesToClient();
    }
}
