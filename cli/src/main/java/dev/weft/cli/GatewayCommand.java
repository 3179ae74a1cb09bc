package dev.weft.cli;

import dev.weft.client.User;
import dev.weft.gateway.ThriftGateway;
import dev.weft.rpc.RpcServer;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ways into the file system for programs that do not speak Weft RPC. */
@Command(
        name = "gateway",
        description = "Serves the file system to programs that do not speak Weft RPC.",
        subcommands = GatewayCommand.OfThrift.class,
        mixinStandardHelpOptions = true)
final class GatewayCommand {
    /** Runs until the process ends. */
    @Command(
            name = "thrift",
            description = {
                "Serves weftfs.thrift until ^C: framed Thrift, strict binary or compact.",
                "Whoever reaches it acts as its user: listen where only they can who may."
            },
            mixinStandardHelpOptions = true)
    static final class OfThrift implements Callable<Integer> {
        @Mixin
        private ClusterOption cluster = new ClusterOption();

        @Option(
                names = "--listen",
                paramLabel = "ADDRESS",
                defaultValue = "tcp://127.0.0.1:7300",
                description = "Where to listen, tcp://host:port or unix:/path (tcp://127.0.0.1:7300).")
        private String listen = "tcp://127.0.0.1:7300";

        @Option(
                names = "--as",
                paramLabel = "UID[:GID[,GID...]]",
                converter = Ids.UserConverter.class,
                description = "On behalf of this user, by numbers; by default the one who runs this.")
        private User user = User.ofProcess();

        @Override
        public Integer call() throws Exception {
            try (ClusterConnection connection = cluster.open();
                    ThriftGateway gateway = new ThriftGateway(connection.fileSystem(user), connection.environment());
                    RpcServer server =
                            gateway.addTo(RpcServer.builder()).listen(listen).start()) {
                System.out.println("ready: weftfs.thrift at " + server.address() + "    (^C stops)");
                new CountDownLatch(1).await();
                return 0;
            }
        }
    }
}
