package dev.weft.cli.torture;

import dev.weft.api.storage.StorageException;
import dev.weft.rpc.Clock;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/** Does one operation after another until it is told to stop; on a thread of its own. */
abstract class Worker implements Runnable {
    /** Between operations, so that faults and not the machine's load are what is seen. */
    private static final Duration PAUSE = Duration.ofMillis(4);

    /** After a failure: who was refused at once should not fill the disk with attempts. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

    final SplittableRandom random;
    private final int number;
    private final Tally tally;
    private final Ledger ledger;
    private final Clock clock;
    private volatile boolean stopping;

    Worker(int number, long seed, Tally tally, Ledger ledger, Clock clock) {
        this.number = number;
        this.random = new SplittableRandom(seed);
        this.tally = tally;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Does one operation.
     *
     * @return false if there was nothing to do
     * @throws IOException if it failed, which faults explain
     * @throws WrongBytesException if what was read cannot be, which nothing explains
     */
    abstract boolean step() throws IOException, InterruptedException, WrongBytesException;

    @Override
    public final void run() {
        try {
            while (!stopping) {
                Duration pause = PAUSE;
                try {
                    if (step()) {
                        tally.succeeded(number);
                    }
                } catch (IOException e) {
                    if (!stopping) {
                        tally.failed(reason(e));
                    }
                    pause = PAUSE_AFTER_FAILURE;
                } catch (WrongBytesException e) {
                    ledger.wrong(String.valueOf(e.getMessage()));
                }
                clock.sleep(pause);
            }
        } catch (InterruptedException e) {
            // Only the end of the run interrupts this thread.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            ledger.wrong(this + " failed with " + e);
            throw e;
        }
    }

    /** The operation in progress is the last one. */
    final void stop() {
        stopping = true;
    }

    /** What was behind a failure, in few words. */
    static String reason(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof StorageException storage) {
                return words(storage.detail().kind());
            }
            if (at instanceof RpcException rpc) {
                return words(rpc.code());
            }
        }
        return failure.getClass().getSimpleName();
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
