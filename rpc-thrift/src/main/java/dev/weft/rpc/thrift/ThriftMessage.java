package dev.weft.rpc.thrift;

import dev.weft.serde.Codec;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;

/**
 * A Thrift message as it travels: name, sequence and struct, in one of the two encodings. It is parameter and result of the
 * methods that stand for those of Thrift services, and what interceptors see of them.
 *
 * @param bytes none for the result of a one-way method
 */
public record ThriftMessage(MemorySegment bytes) {
    /** Writes the bytes after their length. */
    public static final Codec<ThriftMessage> CODEC = new Codec<>() {
        @Override
        public void write(ThriftMessage value, SerdeWriter out) {
            out.putSegment(value.bytes);
        }

        @Override
        public ThriftMessage read(SerdeReader in) {
            return new ThriftMessage(in.getSegment());
        }
    };

    static final ThriftMessage NONE = new ThriftMessage(MemorySegment.ofArray(new byte[0]));

    /**
     * In which encoding the message is.
     *
     * @throws IllegalArgumentException if it is in neither
     */
    public Encoding encoding() {
        return Encoding.of(bytes);
    }

    /**
     * The name of the method, with that of its service before it where there are several: {@code service:method}.
     *
     * @throws IllegalArgumentException if the message has no such head
     */
    public String name() {
        return MessageHead.read(bytes).name();
    }
}
