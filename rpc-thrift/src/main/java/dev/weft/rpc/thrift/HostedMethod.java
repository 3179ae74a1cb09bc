package dev.weft.rpc.thrift;

import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import org.apache.thrift.ProcessFunction;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TBase;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;

/** One method of a hosted service, together with the object that serves it. Thread-safe if that is. */
final class HostedMethod<I> {
    private final String name;
    private final ProcessFunction<I, ? extends TBase<?, ?>> function;
    private final I implementation;
    private final ThriftConfig config;
    private final ExceptionFields exceptions = new ExceptionFields();

    HostedMethod(
            String name, ProcessFunction<I, ? extends TBase<?, ?>> function, I implementation, ThriftConfig config) {
        this.name = name;
        this.function = function;
        this.implementation = implementation;
        this.config = config;
    }

    String name() {
        return name;
    }

    /**
     * Reads the arguments, calls the implementation, and writes its result.
     *
     * @throws DeclaredException if the answer is an exception that the caller's code knows
     * @throws RpcException if the arguments cannot be read
     */
    ThriftMessage invoke(ThriftMessage request) throws Exception {
        return invoke(function, request);
    }

    private <T extends TBase<?, ?>> ThriftMessage invoke(ProcessFunction<I, T> typed, ThriftMessage request)
            throws Exception {
        MessageHead head;
        T arguments = typed.getEmptyArgsInstance();
        try {
            head = MessageHead.read(request.bytes());
            TProtocol in = Messages.reader(request.bytes(), head.encoding(), config);
            in.readMessageBegin();
            arguments.read(in);
            in.readMessageEnd();
        } catch (TException | RuntimeException e) {
            throw new RpcException(StatusCode.INVALID_ARGUMENT, "the arguments cannot be read: " + e.getMessage(), e);
        }
        TBase<?, ?> result;
        try {
            result = typed.getResult(implementation, arguments);
        } catch (TApplicationException e) {
            throw new DeclaredException(Messages.write(head, TMessageType.EXCEPTION, e));
        }
        if (result == null) {
            return ThriftMessage.NONE;
        }
        ThriftMessage answer = Messages.write(head, TMessageType.REPLY, result);
        if (exceptions.areIn(result)) {
            throw new DeclaredException(answer);
        }
        return answer;
    }
}
