/**
 * RDMA devices in plain Java: queue pairs with the error semantics of real ones, in one process or between processes of
 * one machine, with faults on demand. {@link dev.weft.rpc.rdma.software.SoftwareFabric} is the network,
 * {@link dev.weft.rpc.rdma.software.SoftwareVerbsProvider} what one host sees of it.
 */
package dev.weft.rpc.rdma.software;
