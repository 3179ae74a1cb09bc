package dev.weft.examples.hello;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;
import dev.weft.serde.Serde;

/** A service is an interface; its messages are records. {@code HelloRpc} is generated from it. */
@RpcService
public interface Hello {
    /** Who is there. */
    @Serde
    record Visitor(String name) {}

    /** What to say. */
    @Serde
    record Welcome(String text) {}

    /** Welcomes somebody; safe to repeat. */
    @Idempotent
    Welcome hello(Visitor visitor);
}
