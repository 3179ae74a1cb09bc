package dev.weft.rpc.thrift;

import dev.weft.rpc.ApplicationError;
import java.io.Serial;

/** A Thrift method ended in an exception that its IDL declares, or that Thrift has for itself; carries the answer that says so. */
final class DeclaredException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** As {@link ApplicationError#id()} has it. */
    static final ApplicationError<DeclaredException, ThriftMessage> ERROR = new ApplicationError<>(
            MethodIds.first(DeclaredException.class.getName()),
            DeclaredException.class,
            ThriftMessage.CODEC,
            DeclaredException::answer,
            DeclaredException::new);

    private final transient ThriftMessage answer;

    DeclaredException(ThriftMessage answer) {
        super("an exception of the Thrift service", null, false, false);
        this.answer = answer;
    }

    ThriftMessage answer() {
        return answer;
    }
}
