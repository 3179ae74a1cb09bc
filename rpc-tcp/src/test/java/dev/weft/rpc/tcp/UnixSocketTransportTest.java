package dev.weft.rpc.tcp;

import dev.weft.rpc.spi.TransportProvider;
import dev.weft.rpc.testkit.TransportContract;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

final class UnixSocketTransportTest extends TransportContract {
    @TempDir
    Path directory = Path.of("");

    private final AtomicInteger sockets = new AtomicInteger();

    @Override
    protected TransportProvider transport() {
        return new TcpTransportProvider();
    }

    @Override
    protected String listenAddress() {
        return "unix:" + directory.resolve("socket-" + sockets.incrementAndGet());
    }
}
