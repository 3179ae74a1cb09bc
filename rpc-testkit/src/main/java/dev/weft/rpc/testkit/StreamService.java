package dev.weft.rpc.testkit;

import dev.weft.rpc.RpcService;
import dev.weft.rpc.StreamReader;
import dev.weft.rpc.StreamWriter;

/** The service with streams that {@link TransportContract} calls. */
@RpcService
public interface StreamService {
    /** Writes what it is told to, the bytes of all items in the same memory. */
    void list(StreamOrder order, StreamWriter<StreamItem> out) throws RefusedException;

    /** Says how many items it read, and their checksum. */
    StreamTotal count(StreamReader<StreamItem> in);

    /** Returns when it has read so many items. */
    StreamTotal countSome(StreamOrder order, StreamReader<StreamItem> in);

    /** Writes what it reads. */
    StreamTotal echo(StreamReader<StreamItem> in, StreamWriter<StreamItem> out);
}
