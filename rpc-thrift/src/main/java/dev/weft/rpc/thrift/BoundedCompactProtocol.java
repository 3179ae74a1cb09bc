package dev.weft.rpc.thrift;

import java.nio.ByteBuffer;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TSet;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.transport.TTransport;

/** Thrift's compact encoding; what it reads is of bounded depth and size, also where it skips what it does not know. */
final class BoundedCompactProtocol extends TCompactProtocol {
    private final Bounds depth;
    private final int stringLengthMax;

    BoundedCompactProtocol(TTransport transport, ThriftConfig config, int bytesMax) {
        super(transport, Math.min(config.maxStringLength(), bytesMax), Math.min(config.maxContainerSize(), bytesMax));
        this.depth = new Bounds(config.maxDepth());
        this.stringLengthMax = config.maxStringLength();
    }

    /** Thrift's own limit does not hold for what is in the buffer already, as here everything is. */
    @Override
    public String readString() throws TException {
        String value = super.readString();
        Bounds.checkLength(value.length(), stringLengthMax);
        return value;
    }

    @Override
    public ByteBuffer readBinary() throws TException {
        ByteBuffer value = super.readBinary();
        Bounds.checkLength(value.remaining(), stringLengthMax);
        return value;
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
