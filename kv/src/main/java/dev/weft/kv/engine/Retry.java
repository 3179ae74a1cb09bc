package dev.weft.kv.engine;

import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.Transaction;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.function.Supplier;

/** Runs transactions until one commits, as {@link KeyValueStore#run} promises. Thread-safe. */
public final class Retry {
    /** About one synced commit: the other transaction is through by then. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private final Supplier<Transaction> transactions;
    private final Environment environment;
    private final int attemptsMax;

    public Retry(Supplier<Transaction> transactions, Environment environment, int attemptsMax) {
        this.transactions = transactions;
        this.environment = environment;
        this.attemptsMax = attemptsMax;
    }

    public <T, X extends Exception> T run(KeyValueStore.Body<T, X> body) throws X, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            CommitResult result;
            try (Transaction transaction = transactions.get()) {
                try {
                    T value = body.run(transaction);
                    result = transaction.commit();
                    if (result instanceof CommitResult.Committed) {
                        return value;
                    }
                } catch (RpcException e) {
                    if (!(transaction instanceof OptimisticTransaction one && one.isLost())) {
                        throw e;
                    }
                    result = new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD);
                }
            }
            if (attempt == attemptsMax) {
                throw givenUp(result);
            }
            environment.clock().sleep(pause(attempt));
        }
    }

    /** Doubles each time; at random between nothing and that, so that two who met do not meet again. */
    private Duration pause(int attempt) {
        long most = Math.min(FIRST_PAUSE.toNanos() << Math.min(attempt - 1, 20), LONGEST_PAUSE.toNanos());
        return Duration.ofNanos(environment.random().nextLong(most));
    }

    private RpcException givenUp(CommitResult last) {
        String tried = "transaction tried " + attemptsMax + " times: ";
        return switch (last) {
            case CommitResult.Conflicted(CommitResult.Reason reason) ->
                new RpcException(StatusCode.ABORTED, tried + reason);
            case CommitResult.Refused(int pendingMax) ->
                new RpcException(StatusCode.RESOURCE_EXHAUSTED, tried + pendingMax + " commits are waiting");
            case CommitResult.MaybeCommitted(Throwable cause) ->
                new RpcException(StatusCode.INTERNAL, tried + "it may have committed", cause);
            case CommitResult.Committed committed -> throw new AssertionError(committed);
        };
    }
}
