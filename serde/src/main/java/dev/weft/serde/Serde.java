package dev.weft.serde;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks for a generated {@link Codec}: on a record, an enum, or a sealed interface whose cases are records.
 *
 * <p>The codec of {@code Foo} is {@code FooCodec} in the same package.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Serde {}
