/**
 * Echo over Weft and its peers, side by side.
 *
 * <p>{@link dev.weft.bench.rpc.RpcBench} starts a server and a client process for each {@link EchoPeer} and has one pair at
 * a time work, in turn, round by round, so that a machine whose speed drifts treats all alike.
 */
@NullMarked
package dev.weft.bench.rpc;

import org.jspecify.annotations.NullMarked;
