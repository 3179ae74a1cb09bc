package dev.weft.kv;

import dev.weft.kv.engine.OptimisticTransaction;
import dev.weft.kv.engine.Retry;
import dev.weft.kv.engine.RocksDbFiles;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A durable store on RocksDB for one machine: what is committed survives the death of the process and of the machine.
 *
 * <p>Transactions are ours, not RocksDB's, which miss write skew and phantoms. Reads go to a RocksDB snapshot that all
 * transactions of one version share. Commits are decided and written by one platform thread, {@code weft-kv-commit}, many
 * with one synced write.
 */
public final class RocksDbKeyValueStore implements KeyValueStore {
    private final RocksDbFiles files;
    private final GroupCommitter committer;
    private final StoreLimits limits;
    private final Retry retry;

    private RocksDbKeyValueStore(RocksDbFiles files, StoreLimits limits, Environment environment) {
        this.files = files;
        this.limits = limits;
        this.committer = new GroupCommitter(files, limits, environment.clock());
        this.retry = new Retry(this::begin, environment, limits.attemptsMax());
    }

    /**
     * Opens the store in {@code folder}, which is created if it is missing.
     *
     * @throws IOException if the files are damaged, in use by another process, or of a format that this version does not
     *     know
     */
    public static RocksDbKeyValueStore open(Path folder, StoreLimits limits, Environment environment)
            throws IOException {
        RocksDbKeyValueStore store = new RocksDbKeyValueStore(RocksDbFiles.open(folder), limits, environment);
        store.committer.start();
        return store;
    }

    @Override
    public Transaction begin() {
        return new OptimisticTransaction(files.retainNewest(), committer, limits);
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return retry.run(body);
    }

    /** Lets commits that wait finish, then stops. */
    @Override
    public void close() {
        committer.close();
        files.close();
    }
}
