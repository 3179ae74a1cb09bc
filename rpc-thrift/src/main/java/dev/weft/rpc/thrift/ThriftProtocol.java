package dev.weft.rpc.thrift;

import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.ForeignProtocol;
import dev.weft.rpc.spi.ForeignRequest;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TMessageType;

/** Framed Thrift: a length in four bytes, big-endian, then a message in either encoding; each is answered in its own. */
final class ThriftProtocol implements ForeignProtocol {
    private static final int LENGTH_BYTES = 4;

    /** Of methods by the names that requests may have. */
    private final Map<String, Long> methodIds;

    private final ThriftConfig config;

    ThriftProtocol(Map<String, Long> methodIds, ThriftConfig config) {
        this.methodIds = Map.copyOf(methodIds);
        this.config = config;
    }

    private record Request(MessageHead head, long methodId) implements ForeignRequest {
        @Override
        public boolean oneWay() {
            return head.type() == TMessageType.ONEWAY;
        }
    }

    @Override
    public String name() {
        return "Thrift";
    }

    @Override
    public boolean recognizes(byte[] first) {
        return first[0] >= 0
                && (Encoding.isBinary(first[LENGTH_BYTES], first[LENGTH_BYTES + 1])
                        || Encoding.isCompact(first[LENGTH_BYTES], first[LENGTH_BYTES + 1]));
    }

    @Override
    public int headBytes() {
        return LENGTH_BYTES;
    }

    @Override
    public int bodyBytes(byte[] head) {
        int length = ByteBuffer.wrap(head).getInt();
        if (length < 0 || length > config.maxFrameBytes()) {
            throw new IllegalArgumentException(
                    "Thrift frame of " + Integer.toUnsignedString(length) + " bytes exceeds " + config.maxFrameBytes());
        }
        return length;
    }

    @Override
    public ForeignRequest request(MemorySegment body) {
        MessageHead head = MessageHead.read(body);
        if (head.type() != TMessageType.CALL && head.type() != TMessageType.ONEWAY) {
            throw new IllegalArgumentException("Thrift message of type " + head.type() + " is no request");
        }
        Long id = methodIds.get(head.name());
        // No method has the number 0, but by a chance of one in all numbers.
        return new Request(head, id == null ? 0 : id);
    }

    @Override
    public Duration timeout() {
        return config.callTimeout();
    }

    @Override
    public List<MemorySegment> reply(ForeignRequest request, List<MemorySegment> result) {
        return request.oneWay() ? List.of() : frame(result);
    }

    @Override
    public List<MemorySegment> failure(ForeignRequest request, StatusCode code, String reason) {
        if (request.oneWay()) {
            return List.of();
        }
        MessageHead head = ((Request) request).head;
        try {
            ThriftMessage message = Messages.write(head, TMessageType.EXCEPTION, exception(head, code, reason));
            return frame(List.of(message.bytes()));
        } catch (TException e) {
            throw new IllegalStateException("an exception could not be written to memory", e);
        }
    }

    private static TApplicationException exception(MessageHead head, StatusCode code, String reason) {
        return switch (code) {
            case UNIMPLEMENTED ->
                new TApplicationException(
                        TApplicationException.UNKNOWN_METHOD, "Invalid method name: '" + head.name() + "'");
            case INVALID_ARGUMENT -> new TApplicationException(TApplicationException.PROTOCOL_ERROR, reason);
            default -> new TApplicationException(TApplicationException.INTERNAL_ERROR, code + ": " + reason);
        };
    }

    /** The pieces after their length; none if there are none, as of a one-way method. */
    private static List<MemorySegment> frame(List<MemorySegment> message) {
        long length = message.stream().mapToLong(MemorySegment::byteSize).sum();
        if (length == 0) {
            return List.of();
        }
        List<MemorySegment> pieces = new ArrayList<>(message.size() + 1);
        pieces.add(MemorySegment.ofArray(ByteBuffer.allocate(LENGTH_BYTES)
                .putInt(Math.toIntExact(length))
                .array()));
        pieces.addAll(message);
        return pieces;
    }
}
