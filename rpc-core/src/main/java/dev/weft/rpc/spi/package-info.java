/**
 * What a transport implements and what it is given; and {@link dev.weft.rpc.spi.CallRecorder}, which is told of every call.
 *
 * <p>A transport moves whole messages between two processes and gives each side one-sided access to registered memory of
 * the other. It knows nothing of services, calls or deadlines of calls: those are built on it, once, in {@code
 * dev.weft.rpc}. A transport never runs code of a service on its own threads, and hands everything that one read brought
 * to {@link dev.weft.rpc.spi.MessageHandler#onMessages} at once, since starting threads one by one from outside the
 * scheduler is what costs most.
 */
package dev.weft.rpc.spi;
