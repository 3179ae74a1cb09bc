package dev.weft.rpc;

import dev.weft.serde.Codec;
import java.util.function.Function;

/**
 * A checked exception that a service method declares and that reaches the caller as itself.
 *
 * <p>Such an exception has a public constructor with one {@code @Serde} parameter and a public method {@code detail()}
 * that returns it; only the detail travels.
 *
 * @param id first eight bytes, big-endian, of SHA-256 of the exception's fully qualified class name
 */
public record ApplicationError<E extends Exception, D>(
        long id, Class<E> type, Codec<D> codec, Function<E, D> detail, Function<D, E> create) {}
