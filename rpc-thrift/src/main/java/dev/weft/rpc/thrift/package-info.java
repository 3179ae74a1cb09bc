/**
 * Apache Thrift beside Weft's own services.
 *
 * <p>{@link dev.weft.rpc.thrift.ThriftServices} hosts what the Thrift compiler generated from an IDL, for clients of any
 * language at the same port as Weft's own, and for Weft clients over any transport. {@link dev.weft.rpc.thrift.ThriftClient}
 * calls Thrift services, whoever hosts them. {@link dev.weft.rpc.thrift.StructCodec} writes Thrift structs into Weft messages.
 */
package dev.weft.rpc.thrift;
