package dev.weft.examples.hello;

import dev.weft.examples.hello.Hello.Visitor;
import dev.weft.rpc.RpcClient;

/** Calls the server at the address that it is given. */
public final class HelloClient {
    private HelloClient() {}

    /** Prints the answer. */
    public static void main(String[] arguments) {
        String address = arguments.length > 0 ? arguments[0] : "tcp://127.0.0.1:7000";
        String name = arguments.length > 1 ? arguments[1] : "world";
        System.out.println(greet(address, name));
    }

    static String greet(String address, String name) {
        try (RpcClient client = RpcClient.create()) {
            Hello hello = client.stub(HelloRpc.SERVICE, address);
            return hello.hello(new Visitor(name)).text();
        }
    }
}
