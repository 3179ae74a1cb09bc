package dev.weft.examples.greeter;

import dev.weft.examples.greeter.Greeter.Greeting;
import dev.weft.examples.greeter.Greeter.Person;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import java.io.IOException;

/** Serves the greeter and calls it, over TCP. */
public final class GreeterExample {
    private GreeterExample() {}

    /** Prints a greeting. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(greetOverTcp(arguments.length > 0 ? arguments[0] : "world"));
    }

    static String greetOverTcp(String name) throws IOException {
        Greeter greeter = person -> new Greeting("Hello, " + person.name() + "!");
        try (RpcServer server = RpcServer.builder()
                        .bind(GreeterRpc.SERVICE, greeter)
                        .listen("tcp://127.0.0.1:0")
                        .start();
                RpcClient client = RpcClient.create()) {
            Greeter remote = client.stub(GreeterRpc.SERVICE, server.address());
            return remote.greet(new Person(name)).text();
        }
    }
}
