/** What RDMA costs: Weft over it, Weft over TCP, DiSNI's own interface, and C, side by side. */
package dev.weft.bench.rdma;
