package dev.weft.rpc.testkit;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.OneWay;
import dev.weft.rpc.RpcService;

/** The service that {@link TransportContract} calls. */
@RpcService
public interface ContractService {
    @Idempotent
    EchoReply echo(EchoRequest request);

    /** Blocks until it is interrupted. */
    void block(TextRequest request);

    /** Throws what it declares. */
    void refuse(TextRequest request) throws RefusedException;

    /** Throws what it does not declare. */
    void fail(TextRequest request);

    ContextReply context();

    @OneWay
    void tell(TextRequest request);

    /** Reads the caller's memory. */
    ChecksumReply readMemory(MemoryRequest request);

    /** Fills the caller's memory with a pattern. */
    ChecksumReply writeMemory(MemoryRequest request);

    /** Fills what is to be written with a pattern each, reads the rest, and says the checksum of what it read. */
    ChecksumReply batch(BatchRequest request);
}
