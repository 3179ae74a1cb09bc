package dev.weft.cli;

import dev.weft.rpc.rdma.VerbsProviders;
import dev.weft.rpc.rdma.verbs.Device;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at RDMA. */
@Command(
        name = "rdma",
        description = "Looks at the RDMA devices of this machine.",
        subcommands = {RdmaCommand.Devices.class},
        mixinStandardHelpOptions = true)
final class RdmaCommand {
    /** Prints devices. */
    @Command(
            name = "devices",
            description = "Lists devices with their ports, addresses and limits. Exit code 69 if there are none.",
            mixinStandardHelpOptions = true)
    static final class Devices implements Callable<Integer> {
        @Option(
                names = "--provider",
                paramLabel = "NAME",
                description = "Verbs to ask: ffm, libdisni or software; also taken from WEFT_RDMA_PROVIDER (ffm).")
        private @Nullable String provider;

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            String name = provider;
            try (VerbsProvider verbs = open(name == null ? VerbsProviders.configuredName() : name)) {
                List<Device> devices = requireDevices(verbs);
                System.out.print(json ? RdmaDeviceJson.of(devices) + "\n" : RdmaDeviceText.of(verbs.name(), devices));
            }
            return 0;
        }
    }

    private RdmaCommand() {}

    /** @throws UnavailableException if its libraries are not there */
    static VerbsProvider open(String provider) throws UnavailableException {
        try {
            return VerbsProviders.open(provider);
        } catch (IOException e) {
            throw new UnavailableException(
                    String.valueOf(e.getMessage()), "'--provider software' emulates a device without libraries.", e);
        }
    }

    /** @throws UnavailableException if there are none */
    static List<Device> requireDevices(VerbsProvider verbs) throws IOException {
        List<Device> devices = verbs.devices();
        if (devices.isEmpty()) {
            throw new UnavailableException(
                    "there is no RDMA device (provider " + verbs.name() + ")",
                    "The package rdma-core has what devices need besides their drivers. Without hardware: 'rdma-lab/run' runs"
                            + " a command where there are devices in software.");
        }
        return devices;
    }
}
