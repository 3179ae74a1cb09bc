/**
 * The TCP transport: frames over sockets.
 *
 * <p>Reading order: {@code FrameHeader} (what is on the wire), {@code IoLoop} (the threads), {@code FrameReader} and {@code
 * FrameWriter} (bytes in and out), {@code TcpConnection} (what holds them together), {@code Transfers} and {@code
 * MemoryServer} (one-sided memory, both ends).
 */
package dev.weft.rpc.tcp;
