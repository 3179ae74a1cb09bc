package dev.weft.rpc.thrift;

import org.apache.thrift.TException;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TSet;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.transport.TTransport;

/** Thrift's compact encoding; what it reads is of bounded depth and size, also where it skips what it does not know. */
final class BoundedCompactProtocol extends TCompactProtocol {
    private final Depth depth;

    BoundedCompactProtocol(TTransport transport, ThriftConfig config, int bytesMax) {
        super(transport, Math.min(config.maxStringBytes(), bytesMax), Math.min(config.maxContainerSize(), bytesMax));
        this.depth = new Depth(config.maxDepth());
    }

    @Override
    public TStruct readStructBegin() throws TException {
        depth.enter();
        return super.readStructBegin();
    }

    @Override
    public void readStructEnd() throws TException {
        super.readStructEnd();
        depth.leave();
    }

    @Override
    public TList readListBegin() throws TException {
        depth.enter();
        return super.readListBegin();
    }

    @Override
    public void readListEnd() throws TException {
        super.readListEnd();
        depth.leave();
    }

    @Override
    public TSet readSetBegin() throws TException {
        depth.enter();
        return super.readSetBegin();
    }

    @Override
    public void readSetEnd() throws TException {
        super.readSetEnd();
        depth.leave();
    }

    @Override
    public TMap readMapBegin() throws TException {
        depth.enter();
        return super.readMapBegin();
    }

    @Override
    public void readMapEnd() throws TException {
        super.readMapEnd();
        depth.leave();
    }
}
