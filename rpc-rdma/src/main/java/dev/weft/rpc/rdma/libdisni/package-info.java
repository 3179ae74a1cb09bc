/**
 * DiSNI's own native library as one of our providers, and chains of requests over nothing but DiSNI's calls.
 */
package dev.weft.rpc.rdma.libdisni;
