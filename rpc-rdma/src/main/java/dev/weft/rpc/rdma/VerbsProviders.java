package dev.weft.rpc.rdma;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.ffm.FfmVerbsProvider;
import dev.weft.rpc.rdma.libdisni.LibdisniVerbsProvider;
import dev.weft.rpc.rdma.software.SoftwareVerbsProvider;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;

/** The implementations of verbs, by name. */
public final class VerbsProviders {
    private VerbsProviders() {}

    /** What the system property {@code weft.rdma.provider} or the variable {@code WEFT_RDMA_PROVIDER} says; else ffm. */
    public static String configuredName() {
        String property = System.getProperty("weft.rdma.provider");
        String variable = System.getenv("WEFT_RDMA_PROVIDER");
        return property != null ? property : variable != null ? variable : "ffm";
    }

    /**
     * A provider of its own, which the caller closes.
     *
     * @param name {@code ffm}, {@code libdisni}, or {@code software} for verbs between the processes of this machine
     * @throws IOException if its libraries are not there; says what to install
     * @throws IllegalArgumentException if there is none with this name
     */
    public static VerbsProvider open(String name) throws IOException {
        return switch (name) {
            case "ffm" -> new FfmVerbsProvider();
            case "libdisni" -> new LibdisniVerbsProvider();
            case "software" -> SoftwareVerbsProvider.betweenProcesses(Environment.system());
            default ->
                throw new IllegalArgumentException(
                        "no provider of verbs '" + name + "'; there are ffm, libdisni and software");
        };
    }
}
