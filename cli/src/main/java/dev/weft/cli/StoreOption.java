package dev.weft.cli;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreAdmin;
import dev.weft.kv.StoreAdminRpc;
import dev.weft.kv.StoreStatus;
import dev.weft.rpc.Clock;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which key-value store a command is for. */
final class StoreOption {
    static final String DEFAULT = "tcp://127.0.0.1:7102";

    /** Of an answer that costs a server nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration ELECTION_PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    @Option(
            names = "--store",
            paramLabel = "ADDRESS",
            description = {
                "Where a server of role kv listens, or all that replicate one store, separated by commas; also taken from",
                "WEFT_STORE (" + DEFAULT + ")."
            })
    private @Nullable String given;

    private String text() {
        String option = given;
        if (option != null) {
            return option;
        }
        String variable = System.getenv("WEFT_STORE");
        return variable == null || variable.isBlank() ? DEFAULT : variable;
    }

    List<String> addresses() {
        List<String> addresses = Arrays.stream(text().split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
        if (addresses.isEmpty()) {
            throw new UsageException("--store names no address");
        }
        return addresses;
    }

    KeyValueStore open(RpcClient client) {
        return Stores.remote(client, addresses(), Environment.system());
    }

    /** Empty if the process does not answer. */
    static Optional<StoreStatus> status(RpcClient client, String address) {
        StoreAdmin admin = client.stub(StoreAdminRpc.SERVICE, address);
        try {
            return Optional.of(
                    Context.current().withTimeout(PATIENCE, Clock.system()).call(admin::status));
        } catch (RpcException e) {
            if (e.code() == StatusCode.UNIMPLEMENTED) {
                throw new UsageException(address + " is no server of role kv");
            }
            return Optional.empty();
        }
    }

    /** The process that leads; waits for an election that may be under way. */
    StoreAdmin leader(RpcClient client) throws NoStoreException, InterruptedException {
        Clock clock = Clock.system();
        long deadline = clock.nanoTime() + ELECTION_PATIENCE.toNanos();
        do {
            for (String address : addresses()) {
                Optional<StoreStatus> status = status(client, address);
                if (status.isPresent() && status.get().leads()) {
                    return client.stub(StoreAdminRpc.SERVICE, address);
                }
            }
            clock.sleep(PAUSE);
        } while (deadline - clock.nanoTime() > 0);
        throw unanswered();
    }

    NoStoreException unanswered() {
        return new NoStoreException("no server of the key-value store leads, or answers", text());
    }

    NoStoreException unanswered(RpcException cause) {
        NoStoreException failure = unanswered();
        failure.initCause(cause);
        return failure;
    }
}
