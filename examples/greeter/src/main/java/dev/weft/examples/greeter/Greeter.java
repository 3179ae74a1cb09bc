package dev.weft.examples.greeter;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;
import dev.weft.serde.Serde;

/** A service is an interface; its messages are records. {@code GreeterRpc} is generated from it. */
@RpcService
public interface Greeter {
    /** Whom to greet. */
    @Serde
    record Person(String name) {}

    /** What to say. */
    @Serde
    record Greeting(String text) {}

    /** A greeting for a person; safe to repeat. */
    @Idempotent
    Greeting greet(Person person);
}
