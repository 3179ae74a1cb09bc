package dev.weft.rpc.thrift;

import dev.weft.rpc.Caller;
import dev.weft.rpc.Method;
import dev.weft.rpc.RpcException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.transport.TEndpointTransport;
import org.apache.thrift.transport.TTransportException;

/**
 * What a generated client writes to and reads from: each message that it flushes is a call, whose result is what it reads then.
 * For one thread, as the client is.
 */
final class CallTransport extends TEndpointTransport {
    private static final int BYTES_HINT = 256;

    private final Caller caller;

    /** The Weft method for a message. */
    private final Function<MessageHead, Method<?, ThriftMessage, ThriftMessage>> methods;

    private byte[] written = new byte[BYTES_HINT];
    private int writtenCount;
    private byte[] answer = new byte[0];
    private int position;
    private int limit;

    CallTransport(
            Caller caller,
            Function<MessageHead, Method<?, ThriftMessage, ThriftMessage>> methods,
            TConfiguration limits)
            throws TTransportException {
        super(limits);
        this.caller = caller;
        this.methods = methods;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (length > written.length - writtenCount) {
            written = Arrays.copyOf(written, Math.max(2 * written.length, writtenCount + length));
        }
        System.arraycopy(bytes, offset, written, writtenCount, length);
        writtenCount += length;
    }

    /**
     * Makes the call.
     *
     * @throws RpcException if there is no answer
     */
    @Override
    public void flush() throws TTransportException {
        // Not used again: what a call has attached may be sent after it was given up.
        MemorySegment request = MemorySegment.ofArray(written).asSlice(0, writtenCount);
        written = new byte[BYTES_HINT];
        writtenCount = 0;
        take(ThriftMessage.NONE);
        MessageHead head = MessageHead.read(request);
        Method<?, ThriftMessage, ThriftMessage> method = methods.apply(head);
        if (head.type() == TMessageType.ONEWAY) {
            caller.call(method, new ThriftMessage(request));
        } else {
            take(call(method, new ThriftMessage(request)));
        }
    }

    private ThriftMessage call(Method<?, ThriftMessage, ThriftMessage> method, ThriftMessage request) {
        try {
            return caller.call(method, request);
        } catch (RpcException e) {
            if (e.getCause() instanceof DeclaredException declared) {
                return declared.answer();
            }
            throw e;
        }
    }

    private void take(ThriftMessage message) throws TTransportException {
        MemorySegment bytes = message.bytes();
        limit = (int) bytes.byteSize();
        if (bytes.heapBase().orElse(null) instanceof byte[] behind) {
            answer = behind;
            position = (int) bytes.address();
        } else {
            answer = bytes.toArray(ValueLayout.JAVA_BYTE);
            position = 0;
        }
        limit += position;
        // What the limits count begins anew with each answer.
        resetConsumedMessageSize(-1);
        updateKnownMessageSize(bytes.byteSize());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws TTransportException {
        int count = Math.min(length, limit - position);
        if (count <= 0 && length > 0) {
            throw new TTransportException(TTransportException.END_OF_FILE, "the answer ends in the middle of a value");
        }
        System.arraycopy(answer, position, bytes, offset, count);
        position += count;
        return count;
    }

    @Override
    public byte[] getBuffer() {
        return answer;
    }

    @Override
    public int getBufferPosition() {
        return position;
    }

    @Override
    public int getBytesRemainingInBuffer() {
        return limit - position;
    }

    @Override
    public void consumeBuffer(int length) {
        position += length;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void open() {}

    @Override
    public void close() {}
}
