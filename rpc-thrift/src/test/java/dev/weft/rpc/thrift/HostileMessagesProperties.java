package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.thrift.generated.Calls;
import dev.weft.rpc.thrift.generated.Everything;
import dev.weft.serde.SerdeException;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.apache.thrift.ProcessFunction;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.transport.TMemoryBuffer;

/** Whatever bytes come: they are understood, or refused in the way that is foreseen. */
final class HostileMessagesProperties {
    private static final ThriftConfig CONFIG = ThriftConfig.defaults();

    private static byte[] message(Encoding encoding, String name, int sequence) throws TException {
        TMemoryBuffer buffer = new TMemoryBuffer(1024);
        TProtocol out = encoding.over(buffer, CONFIG, Integer.MAX_VALUE);
        out.writeMessageBegin(new TMessage(name, TMessageType.CALL, sequence));
        new Calls.echo_args(Samples.full()).write(out);
        out.writeMessageEnd();
        return Arrays.copyOf(buffer.getArray(), buffer.length());
    }

    @SuppressWarnings("unchecked") // the processor has this function under this name
    private static HostedMethod<Calls.Iface> echo() {
        CallsHandler handler = new CallsHandler();
        Object function = Objects.requireNonNull(
                new Calls.Processor<Calls.Iface>(handler).getProcessMapView().get("echo"));
        return new HostedMethod<>(
                "echo", (ProcessFunction<Calls.Iface, ? extends TBase<?, ?>>) function, handler, CONFIG);
    }

    @Property(tries = 500)
    void headsAreReadAsThriftWritesThem(
            @ForAll Encoding encoding, @ForAll int sequence, @ForAll @StringLength(max = 100) String name)
            throws Exception {
        MessageHead head = MessageHead.read(MemorySegment.ofArray(message(encoding, name, sequence)));
        // What is no Unicode becomes a question mark in Thrift's own writer.
        String written = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertEquals(new MessageHead(encoding, TMessageType.CALL, written, sequence), head);
    }

    @Property(tries = 2000)
    void anyBytesAreAHeadOrNone(@ForAll @Size(max = 40) byte[] bytes, @ForAll boolean compact, @ForAll boolean begun) {
        byte[] message = bytes.clone();
        if (begun && message.length >= 2) {
            message[0] = (byte) (compact ? 0x82 : 0x80);
            message[1] = (byte) (compact ? 0x21 : 0x01);
        }
        try {
            MessageHead.read(MemorySegment.ofArray(message));
        } catch (IllegalArgumentException expected) {
            // It says what is wrong.
        }
    }

    @Property(tries = 2000)
    void changedMessagesAreServedOrRefused(
            @ForAll Encoding encoding,
            @ForAll @Size(max = 6) List<@IntRange(max = 100_000) Integer> places,
            @ForAll @Size(6) byte[] values,
            @ForAll @IntRange(max = 40) int cut)
            throws Exception {
        byte[] message = message(encoding, "echo", 1);
        for (int i = 0; i < places.size(); i++) {
            message[places.get(i) % message.length] = values[i];
        }
        byte[] shortened = Arrays.copyOf(message, message.length - cut / 4);
        try {
            echo().invoke(new ThriftMessage(MemorySegment.ofArray(shortened)));
        } catch (RpcException e) {
            assertEquals(StatusCode.INVALID_ARGUMENT, e.code());
        } catch (TException | NullPointerException ofWriting) {
            // What the handler gives back may be what cannot be written: a union that has nothing, or a constant that
            // is not
            // known, which Thrift reads as null. The server answers as for any handler that throws.
        }
    }

    @Property(tries = 1000)
    void changedStructsAreReadOrRefused(
            @ForAll @Size(max = 6) List<@IntRange(max = 100_000) Integer> places, @ForAll @Size(6) byte[] values) {
        StructCodec<Everything> codec = StructCodec.of(Everything::new);
        SerdeWriter out = SerdeWriter.create(1024);
        codec.write(Samples.full(), out);
        byte[] bytes = out.toByteArray();
        for (int i = 0; i < places.size(); i++) {
            bytes[places.get(i) % bytes.length] = values[i];
        }
        try {
            codec.read(SerdeReader.of(MemorySegment.ofArray(bytes)));
        } catch (SerdeException expected) {
            // It says what is wrong.
        }
    }
}
