package dev.weft.rpc.spi;

/** What a {@link ForeignProtocol} has to know of a request until it is answered. */
public interface ForeignRequest {
    /** The method that is called; one that the server does not have fails the call as UNIMPLEMENTED. */
    long methodId();

    /** Whether no answer is expected. Such a call is not cancelled when its peer leaves. */
    boolean oneWay();
}
