package dev.weft.rpc.thrift;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.TSerializable;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;

/** Reads and writes Thrift messages in memory. */
final class Messages {
    /** Fits most answers without growing. */
    private static final int BYTES_HINT = 256;

    private Messages() {}

    /** Thrift's reader of a message. */
    static TProtocol reader(MemorySegment message, Encoding encoding, ThriftConfig config) throws TException {
        int length = (int) message.byteSize();
        byte[] array;
        int at = 0;
        if (message.heapBase().orElse(null) instanceof byte[] behind) {
            array = behind;
            at = (int) message.address();
        } else {
            array = message.toArray(ValueLayout.JAVA_BYTE);
        }
        // Thrift's own limits would count a message twice that is read where it lies; those of the reader hold.
        TConfiguration limits = new TConfiguration(length, length, config.maxDepth());
        return encoding.over(new TMemoryInputTransport(limits, array, at, length), config, length);
    }

    /** An answer to the message with this head. */
    static ThriftMessage write(MessageHead request, byte type, TSerializable content) throws TException {
        TMemoryBuffer buffer = new TMemoryBuffer(BYTES_HINT);
        TProtocol out = request.encoding().over(buffer, ThriftConfig.defaults(), Integer.MAX_VALUE);
        out.writeMessageBegin(new TMessage(request.method(), type, request.sequence()));
        content.write(out);
        out.writeMessageEnd();
        return new ThriftMessage(MemorySegment.ofArray(buffer.getArray()).asSlice(0, buffer.length()));
    }
}
