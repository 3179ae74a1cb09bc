/**
 * RDMA verbs: DiSNI's Java interface, what it lacks, and where its calls go.
 *
 * <p>An application speaks to {@link com.ibm.disni.verbs.RdmaCm} and {@link com.ibm.disni.verbs.RdmaVerbs}. Behind them
 * stands a {@link dev.weft.rpc.rdma.verbs.VerbsProvider}: the distribution's libraries by the foreign function interface,
 * an emulation in software, or DiSNI's own native library. {@link dev.weft.rpc.rdma.verbs.VerbsProvider} also has what
 * DiSNI's interface does not: a list of devices, work requests that can be changed altogether and used again, events of
 * devices.
 */
package dev.weft.rpc.rdma.verbs;
