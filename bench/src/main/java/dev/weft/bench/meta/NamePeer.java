package dev.weft.bench.meta;

import dev.weft.bench.tree.PhaseResult;
import java.io.IOException;
import java.util.List;

/** A file system whose names are worked on, by clients of its own. */
interface NamePeer extends AutoCloseable {
    String name();

    /**
     * Runs all phases of the load.
     *
     * @param folder that is not there
     */
    List<PhaseResult> run(String folder, int directories, int files) throws IOException, InterruptedException;

    /** Ends its processes. */
    @Override
    void close();
}
