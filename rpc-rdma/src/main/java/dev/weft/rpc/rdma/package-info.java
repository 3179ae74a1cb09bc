/**
 * Calls and one-sided memory over RDMA queue pairs.
 *
 * <p>A connection between two processes is one or more {@code Rail}s: each a queue pair between two network cards, made
 * anew when it fails. Short messages travel through a ring of small registered buffers on either side of a rail, under
 * credit flow control; long ones, and transfers of granted memory, are one-sided reads and writes. One thread per device
 * polls for completions and wakes whoever waits for them. See {@code docs/concepts/rdma.md} and {@code
 * docs/protocol/rdma.md}.
 */
package dev.weft.rpc.rdma;
