/**
 * The verbs of this system's own RDMA libraries, by the foreign function interface.
 *
 * <p>{@link dev.weft.rpc.rdma.ffm.FfmVerbsProvider} is all that others see. Inside, each verbs object of DiSNI has a class
 * that holds the address of its C counterpart; {@code Layouts} says where the fields of C's structs are; {@code Ibverbs}
 * and {@code Rdmacm} have the functions, {@code HotCalls} those of the data path, which allocate nothing.
 */
package dev.weft.rpc.rdma.ffm;
