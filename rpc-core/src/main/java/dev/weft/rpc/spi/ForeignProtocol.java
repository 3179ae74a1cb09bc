package dev.weft.rpc.spi;

import dev.weft.rpc.StatusCode;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/**
 * A protocol other than Weft's that a server answers at its addresses, told by what a connection begins with.
 *
 * <p>It consists of frames, each a head of fixed length that says how long the rest is. Each request is a call of a method of
 * the server: with its interceptors, limits, deadlines and metrics. The parameter of such a method is the frame without its
 * head, as bytes; its result, and the detail of the errors that it declares, are the bytes of an answer.
 *
 * <p>Requests of one connection are served one after the other and answered in that order, which is what peers that know no
 * other order expect. Thread-safe; nothing here may block.
 */
public interface ForeignProtocol {
    /** A connection is told by so many bytes; no request of a foreign protocol may be shorter. */
    int FIRST_BYTES = 8;

    /** For people. */
    String name();

    /** Whether a connection that begins with {@code first}, which has {@link #FIRST_BYTES}, speaks this protocol. */
    boolean recognizes(byte[] first);

    /** How long the head of a frame is. */
    int headBytes();

    /**
     * How many bytes follow {@code head}.
     *
     * @throws IllegalArgumentException if that is no head, or too long a frame; it says so, and the connection ends
     */
    int bodyBytes(byte[] head);

    /**
     * What is asked for by the frame with this body.
     *
     * @throws IllegalArgumentException if that cannot be told; the connection ends
     */
    ForeignRequest request(MemorySegment body);

    /** How long a call may take; its peer has no means to say so. */
    Duration timeout();

    /**
     * The frame that answers {@code request} with what its method returned.
     *
     * @return its pieces in order; none for a request that is not answered
     */
    List<MemorySegment> reply(ForeignRequest request, List<MemorySegment> result);

    /** The frame that tells why there is no result; likewise. */
    List<MemorySegment> failure(ForeignRequest request, StatusCode code, String reason);
}
