package dev.weft.storage;

import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.storage.engine.CorruptedChunkException;
import dev.weft.storage.engine.NoSpaceException;
import java.io.IOException;

/** Makes what callers are told when something cannot be done. */
final class Faults {
    private Faults() {}

    static StorageException of(Kind kind, String message) {
        return new StorageException(new StorageFault(kind, 0, message));
    }

    static StorageException wrongChainVersion(int chainId, int version, int known) {
        return new StorageException(new StorageFault(
                Kind.WRONG_CHAIN_VERSION, known, "chain " + chainId + " has version " + known + ", not " + version));
    }

    static StorageException of(IOException failure) {
        Kind kind = switch (failure) {
            case NoSpaceException _ -> Kind.NO_SPACE;
            case CorruptedChunkException _ -> Kind.CHECKSUM_MISMATCH;
            default -> Kind.DISK_ERROR;
        };
        return of(kind, String.valueOf(failure.getMessage()));
    }

    /** The handler's caller has gone, or the server ends. */
    static RpcException cancelled(InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        return new RpcException(StatusCode.CANCELLED, "interrupted", interrupt);
    }
}
