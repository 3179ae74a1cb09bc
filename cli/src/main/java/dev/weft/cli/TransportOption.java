package dev.weft.cli;

import java.io.IOException;
import picocli.CommandLine.Option;

/** By what the processes of a cluster on this machine reach each other. */
final class TransportOption {
    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "tcp",
            description = "How all processes reach each other: tcp, or rdma, which takes the first device (tcp).")
    private Place.Transport transport = Place.Transport.TCP;

    boolean isRdma() {
        return transport == Place.Transport.RDMA;
    }

    Place place() throws IOException {
        return Place.of(transport);
    }
}
