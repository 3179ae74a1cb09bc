package dev.weft.rpc;

import dev.weft.serde.Serde;

/**
 * Names memory of this process for one-sided transfer by the peer that is given it; travels in any message.
 *
 * @param key unguessable name of the registration
 * @param address first byte, in the owner's terms
 * @param length in bytes
 * @param access what the holder may do
 */
@Serde
public record RemoteMemory(long key, long address, long length, Access access) {
    public RemoteMemory {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " is negative");
        }
    }

    /** What the holder of a {@link RemoteMemory} may do with it. */
    @Serde
    public enum Access {
        READ,
        WRITE,
        READ_WRITE;

        public boolean readable() {
            return this != WRITE;
        }

        public boolean writable() {
            return this != READ;
        }
    }

    /** The part of {@code length} bytes that starts {@code offset} bytes in. */
    public RemoteMemory slice(long offset, long length) {
        if (offset < 0 || length < 0 || offset > this.length - length) {
            throw new IllegalArgumentException(
                    "slice of " + length + " bytes at " + offset + " is outside of " + this.length + " bytes");
        }
        return new RemoteMemory(key, address + offset, length, access);
    }
}
