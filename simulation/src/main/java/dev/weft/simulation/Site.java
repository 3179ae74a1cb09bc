package dev.weft.simulation;

import dev.weft.rpc.testkit.InMemoryNetwork;
import dev.weft.rpc.testkit.Simulation;
import org.jspecify.annotations.Nullable;

/** Where nodes are. */
public interface Site {
    Simulation simulation();

    InMemoryNetwork network();

    /** Something is wrong; the first such thing is what the run fails with. */
    void fail(String what, @Nullable Throwable cause);
}
