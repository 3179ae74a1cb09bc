package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Registered memory. Who copies is inside its gate. */
final class SoftwareMr extends IbvMr implements Owned {
    private final SoftwarePd pd;
    private final long start;
    private final long size;
    private final int rights;
    private final int key;
    private final Gate gate = new Gate();

    /** Keeps memory that the garbage collector would free. */
    @SuppressWarnings("unused")
    private final @Nullable Object keptAlive;

    SoftwareMr(SoftwarePd pd, long start, long size, int rights, int key, @Nullable Object keptAlive)
            throws IOException {
        int length = (int) Math.min(size, Integer.MAX_VALUE);
        super(pd.context(), start, length, rights, key, key, key);
        this.pd = pd;
        this.start = start;
        this.size = size;
        this.rights = rights;
        this.key = key;
        this.keptAlive = keptAlive;
    }

    @Override
    public VerbsProvider owner() {
        return pd.owner();
    }

    SoftwarePd pd() {
        return pd;
    }

    int key() {
        return key;
    }

    /** Whether someone of {@code user}'s protection domain may do this with this memory. */
    boolean allows(SoftwarePd user, long address, long length, int needed) {
        long offset = address - start;
        return user == pd
                && (rights & needed) == needed
                && offset >= 0
                && length >= 0
                && offset <= size
                && length <= size - offset;
    }

    /** Must be followed by {@link #exit} if it is true; until then the memory stays registered. */
    boolean enter() {
        return gate.enter();
    }

    void exit() {
        gate.exit();
    }

    /** On return nobody copies from or to it any more. Says whether it was registered. */
    boolean end() {
        isOpen = false;
        return gate.close();
    }
}
