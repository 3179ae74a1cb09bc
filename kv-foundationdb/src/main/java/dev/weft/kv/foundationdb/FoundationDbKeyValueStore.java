package dev.weft.kv.foundationdb;

import com.apple.foundationdb.Database;
import com.apple.foundationdb.FDB;
import com.apple.foundationdb.FDBException;
import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.kv.engine.Commit;
import dev.weft.kv.engine.OptimisticTransaction;
import dev.weft.kv.engine.Retry;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store in a FoundationDB cluster, which many processes may share.
 *
 * <p>All keys begin with a prefix of one's choice, so that several stores fit one cluster. Reads go to the version that the
 * transaction got at its beginning, and the ranges read are named as conflict ranges when it commits. A commit of which
 * FoundationDB cannot say whether it happened is maybe committed.
 *
 * <p>Two things differ from the other engines. Versions are FoundationDB's, which grow with time, and several commits may share
 * one; their versionstamps differ in the last two bytes. And to {@link Transaction#add} a value of fewer than eight bytes is one
 * with zeros behind it, and a longer one its first eight bytes.
 *
 * <p>Thread-safe. FoundationDB forgets what transactions read after about five seconds: later reads end with ABORTED, and
 * {@link #run} begins again.
 */
public final class FoundationDbKeyValueStore implements KeyValueStore {
    /** Of the client library; the newest that the Java binding knows. */
    private static final int API_VERSION = 740;

    /** Of a key of FoundationDB with our prefix in it. */
    private static final int KEY_BYTES_MAX = 10_000;

    private final Database database;
    private final Bytes prefix;
    private final StoreLimits limits;
    private final Retry retry;

    /** The store itself, and every transaction that is open: the last one closes the database. */
    private final AtomicInteger users = new AtomicInteger(1);

    private volatile boolean closed;

    private FoundationDbKeyValueStore(Database database, Bytes prefix, StoreLimits limits, Environment environment) {
        this.database = database;
        this.prefix = prefix;
        this.limits = limits;
        this.retry = new Retry(this::begin, environment, limits.attemptsMax());
    }

    /**
     * Opens the store below {@code prefix}.
     *
     * @param clusterFile FoundationDB's file that says where the cluster is
     * @throws IOException if FoundationDB's client library is not installed, or does not take the file
     */
    public static FoundationDbKeyValueStore open(
            Path clusterFile, Bytes prefix, StoreLimits limits, Environment environment) throws IOException {
        if (prefix.length() + limits.keyBytesMax() > KEY_BYTES_MAX) {
            throw new IllegalArgumentException("prefix of " + prefix.length() + " bytes and keys of "
                    + limits.keyBytesMax() + " exceed " + KEY_BYTES_MAX);
        }
        if (prefix.length() > 0 && prefix.at(0) == (byte) 0xff) {
            throw new IllegalArgumentException("prefix " + prefix + " begins with the reserved byte ff");
        }
        try {
            Database database = FDB.selectAPIVersion(API_VERSION).open(clusterFile.toString());
            return new FoundationDbKeyValueStore(database, prefix, limits, environment);
        } catch (FDBException | LinkageError e) {
            throw new IOException("cannot use FoundationDB with " + clusterFile + ": " + e.getMessage(), e);
        }
    }

    /** Gets the newest version from the cluster, and waits for it. */
    @Override
    public Transaction begin() {
        users.incrementAndGet();
        try {
            checkOpen();
            ReadVersion read = ReadVersion.begin(database, prefix, this::release);
            return new OptimisticTransaction(read, commit -> commit(read, commit), limits);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    @Override
    public <T, X extends Exception> T run(Body<T, X> body) throws X, InterruptedException {
        return retry.run(body);
    }

    private CommitResult commit(ReadVersion read, Commit commit) {
        try {
            checkOpen();
            return read.commit(commit);
        } finally {
            read.release();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    private void release() {
        if (users.decrementAndGet() == 0) {
            database.close();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }
}
