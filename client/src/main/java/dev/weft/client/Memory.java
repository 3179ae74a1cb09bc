package dev.weft.client;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.RpcException;
import java.io.IOException;

/** Memory for the bytes of files. */
final class Memory {
    private Memory() {}

    static Buffer acquire(BufferPool buffers, int length) throws IOException {
        try {
            return buffers.acquire(length);
        } catch (RpcException e) {
            throw new IOException("too much is read and written at a time: " + e.getMessage(), e);
        }
    }
}
