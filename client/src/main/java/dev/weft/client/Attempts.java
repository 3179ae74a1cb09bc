package dev.weft.client;

import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.io.IOException;
import java.time.Duration;

/** One operation's attempts: what may be tried again, after which pause, and when it is enough. For one thread. */
final class Attempts {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final RoutingFollower follower;
    private final Environment environment;
    private final long deadlineNanos;
    private Duration pause = FIRST_PAUSE;

    Attempts(RoutingFollower follower, Environment environment, Duration patience) {
        this.follower = follower;
        this.environment = environment;
        this.deadlineNanos = environment.clock().nanoTime() + patience.toNanos();
    }

    /**
     * Waits before the next attempt, but less if new routing comes.
     *
     * @param used the routing of the attempt that failed
     * @throws IOException if it is enough, with the failure as cause
     */
    void pause(Routing used, String what, Exception failure) throws IOException, InterruptedException {
        if (deadlineNanos - environment.clock().nanoTime() <= 0) {
            throw new IOException(what + " failed, and retries are used up: " + failure.getMessage(), failure);
        }
        follower.awaitNewerThan(used.version(), jittered());
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    private Duration jittered() {
        return Duration.ofNanos(environment.random().nextLong(pause.toNanos() / 2, pause.toNanos()));
    }

    /** Whether time, another replica or newer routing may cure it. */
    static boolean mayPass(StorageFault fault) {
        return switch (fault.kind()) {
            case WRONG_CHAIN_VERSION, NOT_SERVING, IN_PROGRESS, CHECKSUM_MISMATCH, DISK_ERROR, VERSION_GAP -> true;
            case STALE_SEQUENCE, INVALID, NO_SPACE -> false;
        };
    }

    static boolean mayPass(RpcException failure) {
        return switch (failure.code()) {
            case DEADLINE_EXCEEDED,
                    UNAVAILABLE,
                    CONNECTION_LOST,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    DATA_CORRUPTED,
                    INTERNAL,
                    REMOTE_MEMORY_REFUSED -> true;
            case CANCELLED, INVALID_ARGUMENT, UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED, APPLICATION -> false;
        };
    }

    static boolean mayPass(StorageException failure) {
        return mayPass(failure.detail());
    }

    /** What a caller of the file system gets to see. */
    static IOException describe(String what, Exception failure) throws InterruptedException {
        if (failure instanceof RpcException rpc && rpc.code() == StatusCode.CANCELLED && Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new IOException(what + " failed: " + failure.getMessage(), failure);
    }
}
