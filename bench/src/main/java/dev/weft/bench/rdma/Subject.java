package dev.weft.bench.rdma;

import dev.weft.bench.rpc.Load;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** What is measured, on both of its sides. */
interface Subject {
    /** Starts a server at an address of this machine; it lives as long as the process. Returns what clients need to know. */
    String serve(String host) throws Exception;

    /** Connects, begins the load, and does an operation until it says stop; returns the client's calls of verbs for each, if it counts them. */
    OptionalDouble run(String server, Operation operation, Supplier<Load> load) throws Exception;

    /** The subject of a name on the command line. */
    static Subject named(String name) {
        return switch (name) {
            case "weft-rdma" -> new WeftSubject("rdma");
            case "weft-tcp" -> new WeftSubject("tcp");
            case "disni" -> new DisniSubject();
            default -> throw new IllegalArgumentException("no subject '" + name + "'");
        };
    }
}
