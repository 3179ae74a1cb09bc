package dev.weft.cli.trace;

import dev.weft.cli.Json;
import dev.weft.cli.UsageException;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.recorder.RecorderService;
import dev.weft.rpc.recorder.RecorderServiceRpc;
import dev.weft.rpc.recorder.RecorderStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks the recorders of servers for something, and shows what they do now. */
abstract class SwitchCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            required = true,
            split = ",",
            description = "Where the server listens, several separated by commas.")
    private List<String> addresses = List.of();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    abstract RecorderStatus ask(RecorderService recorder);

    @Override
    public final Integer call() {
        ClientConfig config =
                ClientConfig.defaults().withRetry(RetryPolicy.none()).withDefaultTimeout(PATIENCE);
        try (RpcClient client = RpcClient.builder().config(config).build()) {
            for (String address : addresses) {
                RecorderStatus status = ask(client, address);
                System.out.println(json ? json(address, status) : text(address, status));
            }
        }
        return 0;
    }

    private RecorderStatus ask(RpcClient client, String address) {
        try {
            return ask(client.stub(RecorderServiceRpc.SERVICE, address));
        } catch (RpcException e) {
            if (e.code() == StatusCode.UNIMPLEMENTED) {
                throw new UsageException(address + " is a server without a recorder");
            }
            throw e;
        }
    }

    private static String text(String address, RecorderStatus status) {
        return address + ": " + (status.on() ? "on, in " : "off; its folder is ") + status.folder() + "; "
                + status.recorded() + " calls recorded, " + status.dropped() + " dropped"
                + (status.problem().isEmpty() ? "" : "; NOT RECORDING: " + status.problem());
    }

    private static Json json(String address, RecorderStatus status) {
        return new Json()
                .put("address", address)
                .put("on", status.on())
                .put("folder", status.folder())
                .put("recorded", status.recorded())
                .put("dropped", status.dropped())
                .put("problem", status.problem());
    }

    @Command(
            name = "on",
            description = "Has a server record every call from now on, in the folder that it was started with.",
            mixinStandardHelpOptions = true)
    static final class On extends SwitchCommand {
        @Override
        RecorderStatus ask(RecorderService recorder) {
            return recorder.start();
        }
    }

    @Command(name = "off", description = "Has a server record no more.", mixinStandardHelpOptions = true)
    static final class Off extends SwitchCommand {
        @Override
        RecorderStatus ask(RecorderService recorder) {
            return recorder.stop();
        }
    }

    @Command(name = "status", description = "Shows what a server's recorder does.", mixinStandardHelpOptions = true)
    static final class Status extends SwitchCommand {
        @Override
        RecorderStatus ask(RecorderService recorder) {
            return recorder.status();
        }
    }
}
