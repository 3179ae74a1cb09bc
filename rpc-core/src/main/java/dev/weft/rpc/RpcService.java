package dev.weft.rpc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes an interface a service: a stub and a dispatcher are generated at compile time as {@code FooRpc} beside the
 * interface {@code Foo}.
 *
 * <p>A method with streams takes, besides, a {@link StreamReader} of items that its callers send, a {@link StreamWriter} of
 * items that it sends them, or both. The call lasts until the method returns.
 *
 * <p>Each method takes no parameter or one, and returns nothing or a value; parameter and result are types that
 * {@link dev.weft.serde.Serde} knows, normally records. Methods are not overloaded: on the wire a method is known by
 * {@code package.Interface/method}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface RpcService {}
