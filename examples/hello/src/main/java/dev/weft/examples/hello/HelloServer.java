package dev.weft.examples.hello;

import dev.weft.examples.hello.Hello.Welcome;
import dev.weft.rpc.RpcServer;
import java.io.IOException;

/** Says hello to whoever calls, at the address that it is given. */
public final class HelloServer {
    private HelloServer() {}

    /** Serves until the process is ended. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (RpcServer server = start(arguments.length > 0 ? arguments[0] : "tcp://127.0.0.1:7000")) {
            System.out.println("listening at " + server.address());
            Thread.currentThread().join();
        }
    }

    static RpcServer start(String address) throws IOException {
        Hello hello = visitor -> new Welcome("Hello, " + visitor.name() + "!");
        return RpcServer.builder().bind(HelloRpc.SERVICE, hello).listen(address).start();
    }
}
