/** The file system as a Thrift service, {@code weftfs.thrift}, on top of a client of the cluster. */
package dev.weft.gateway;
