package dev.weft.rpc;

import dev.weft.serde.Codecs;
import java.util.List;

/** Methods that no generator wrote. */
final class TestMethods {
    private TestMethods() {}

    static Method<Object, String, String> method(String name, boolean idempotent) {
        return new Method<>(
                "test.Service",
                name,
                name.hashCode(),
                Codecs.STRING,
                Codecs.STRING,
                idempotent,
                false,
                List.of(),
                (service, request) -> request);
    }
}
