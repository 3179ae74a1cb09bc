package dev.weft.rpc.spi;

import dev.weft.rpc.Method;
import org.jspecify.annotations.Nullable;

/**
 * What one side knows of a call that has ended: when it reached each stage, how large it was, with whom, and how it ended.
 * Nothing of what was said in it.
 *
 * <pre>
 *           first               second             third              last
 * client    call begun          request sent       reply taken up     call returned
 * server    request received    handler started    handler ended      reply sent
 * </pre>
 *
 * <p>Sent means handed to the transport. Plain fields, for it is on the way of every call; one thread at a time uses them.
 */
public final class CallRecord {
    /** Of a stage that a call did not reach. */
    public static final long NOT_REACHED = Long.MIN_VALUE;

    /** Of a client's call whose reply did not say. */
    public static final int UNKNOWN = -1;

    /** How a call ends that has a result; others have the wire value of their {@link dev.weft.rpc.StatusCode}. */
    public static final int OK = 0;

    public final boolean server;
    public String peer;

    /** Null for a request that asks for none that is served. */
    public final @Nullable Method<?, ?, ?> method;

    /** The same on both sides of a connection; 0 for a call for which there was no connection. */
    public long callId;

    public long traceHigh;
    public long traceLow;
    public int status = OK;

    // When each stage was reached, on the nanoTime of the clock.
    public long firstNanos;
    public long secondNanos = NOT_REACHED;
    public long thirdNanos = NOT_REACHED;
    public long lastNanos = NOT_REACHED;

    // Lengths of bodies.
    public long requestBytes;
    public long replyBytes;

    // In a client, what the server says of itself.
    public int queueMicros = UNKNOWN;
    public int handlerMicros = UNKNOWN;

    /** Null for a method without streams. */
    public @Nullable Items items;

    /** Items of streams, from the caller and to it, and their bytes. */
    public record Items(long fromCaller, long bytesFromCaller, long toCaller, long bytesToCaller) {}

    public CallRecord(boolean server, String peer, @Nullable Method<?, ?, ?> method, long firstNanos) {
        this.server = server;
        this.peer = peer;
        this.method = method;
        this.firstNanos = firstNanos;
    }
}
