package dev.weft.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command is for. */
final class ClusterOption {
    static final String DEFAULT = "tcp://127.0.0.1:7100";

    @Option(
            names = "--cluster",
            paramLabel = "ADDRESS",
            description = {
                "The cluster manager's address, or those of all managers separated by commas; also taken from",
                "WEFT_CLUSTER (" + DEFAULT + ")."
            })
    private @Nullable String address;

    String address() {
        String given = address;
        if (given != null) {
            return given;
        }
        String variable = System.getenv("WEFT_CLUSTER");
        return variable == null || variable.isBlank() ? DEFAULT : variable;
    }

    ClusterConnection open() throws NoClusterException, InterruptedException {
        return ClusterConnection.open(address());
    }
}
