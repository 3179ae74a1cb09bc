package dev.weft.rpc.thrift;

import dev.weft.serde.Codec;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TTransportException;

/**
 * Writes a struct, union or exception of a Thrift IDL into Weft messages: its compact encoding, after its length. Generated
 * codecs and services use it wherever a component or a parameter has such a type.
 *
 * @param <T> the generated class
 */
public final class StructCodec<T extends TBase<?, ?>> implements Codec<T> {
    private static final int BYTES_HINT = 128;

    private final Supplier<T> constructor;
    private final ThriftConfig config = ThriftConfig.defaults();

    private StructCodec(Supplier<T> constructor) {
        this.constructor = constructor;
    }

    /** The codec of a generated class, given its constructor without arguments. */
    public static <T extends TBase<?, ?>> StructCodec<T> of(Supplier<T> constructor) {
        return new StructCodec<>(constructor);
    }

    /** @throws SerdeException if a required field that can be missing is */
    @Override
    public void write(T value, SerdeWriter out) {
        try {
            TMemoryBuffer buffer = new TMemoryBuffer(BYTES_HINT);
            value.write(Encoding.COMPACT.over(buffer, config, Integer.MAX_VALUE));
            out.putSegment(MemorySegment.ofArray(buffer.getArray()).asSlice(0, buffer.length()));
        } catch (TException e) {
            throw new SerdeException(out.size(), "Thrift struct: " + e.getMessage(), e);
        }
    }

    @Override
    public T read(SerdeReader in) {
        MemorySegment bytes = in.getSegment();
        T value = constructor.get();
        try {
            TProtocol protocol = Messages.reader(bytes, Encoding.COMPACT, config);
            value.read(protocol);
            if (protocol.getTransport().getBytesRemainingInBuffer() > 0) {
                throw in.failure("Thrift struct has bytes after its end");
            }
            return value;
        } catch (TTransportException e) {
            throw new SerdeException(in.position(), "Thrift struct of " + bytes.byteSize() + " bytes ends early", e);
        } catch (TException | RuntimeException e) {
            throw e instanceof SerdeException wrong
                    ? wrong
                    : new SerdeException(in.position(), "Thrift struct: " + e.getMessage(), e);
        }
    }

    /** A struct without any field, for a component that the writer did not know. */
    @Override
    public T defaultValue() {
        return constructor.get();
    }
}
