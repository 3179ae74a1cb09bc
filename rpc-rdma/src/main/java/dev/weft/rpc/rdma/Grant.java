package dev.weft.rpc.rdma;

import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the peer that we may use, and who uses it now. Everything is guarded by the lock of {@link Grants}, but for
 * what {@link #opened} sets once.
 */
final class Grant {
    /** Without meaning if the memory was offered with a message. */
    final long key;

    private final boolean offered;

    /** Null until the peer has answered; replaced when the peer's devices change. */
    private volatile @Nullable MemoryKeys keys;

    private volatile long address;
    private volatile long length;
    private volatile Access access = Access.READ;
    private volatile @Nullable RpcException refused;

    /** The owner wants it back: no transfer begins any more. */
    private volatile boolean revoked;

    /** Transfers that have it, or wait for it to be opened. */
    int users;

    /** How often it was asked for, so that a release that overtakes the next question does not undo it. */
    int opens = 1;

    /** The owner waits to hear that nobody uses it. */
    boolean releaseWanted;

    Grant(long key) {
        this.key = key;
        this.offered = false;
    }

    /** Memory that the peer has offered with a message. */
    Grant(long address, long length, MemoryKeys keys) {
        this.key = 0;
        this.offered = true;
        opened(address, length, Access.READ, keys);
    }

    boolean isOffered() {
        return offered;
    }

    void opened(long atAddress, long bytes, Access allowed, MemoryKeys memoryKeys) {
        address = atAddress;
        length = bytes;
        access = allowed;
        keys = memoryKeys;
    }

    void refuse(RpcException why) {
        refused = why;
    }

    boolean isAnswered() {
        return keys != null || refused != null || revoked;
    }

    void revoke() {
        revoked = true;
    }

    boolean isRevoked() {
        return revoked;
    }

    @Nullable
    RpcException refusal() {
        return refused;
    }

    long address() {
        return address;
    }

    long length() {
        return length;
    }

    Access access() {
        return access;
    }

    boolean reachableOver(Rail rail) {
        MemoryKeys known = keys;
        return known != null && known.has(rail.remoteOrdinal());
    }

    int rkey(Rail rail) {
        MemoryKeys known = keys;
        return known == null ? 0 : known.rkey(rail.remoteOrdinal());
    }
}
