package dev.weft.rpc.recorder;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.CallRecorder;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Records calls in files while it is on; off at first.
 *
 * <pre>{@code
 * var recorder = new FlightRecorder(RecorderConfig.in(folder), Environment.system());
 * var server = RpcServer.builder().recorder(recorder).bind(RecorderServiceRpc.SERVICE, recorder.service())...
 * recorder.start();
 * }</pre>
 *
 * <p>Calls never wait for it. They pack their records in memory, which a platform thread of its own writes. What finds no place
 * there, or cannot be written, is counted and lost, and everything else goes on. Thread-safe.
 */
public final class FlightRecorder implements CallRecorder, AutoCloseable {
    private final RecorderConfig config;
    private final Environment environment;
    private final ReentrantLock lock = new ReentrantLock();

    /** Where calls leave their records; null while it is off. */
    private volatile @Nullable Lanes lanes;

    @GuardedBy("lock")
    private @Nullable RecordWriter writer;

    // Of writers that have ended.
    @GuardedBy("lock")
    private long recordedBefore;

    @GuardedBy("lock")
    private long droppedBefore;

    public FlightRecorder(RecorderConfig config, Environment environment) {
        this.config = config;
        this.environment = environment;
    }

    @Override
    public boolean isOn() {
        return lanes != null;
    }

    @Override
    public void record(CallRecord call) {
        Lanes waiting = lanes;
        if (waiting != null) {
            waiting.put(call);
        }
    }

    /**
     * Records from now on, in a new file. Does nothing if it is on.
     *
     * @throws IOException if the files cannot be written; then it stays off
     */
    public void start() throws IOException {
        lock.lock();
        try {
            if (writer != null) {
                return;
            }
            Lanes fresh = new Lanes(
                    Runtime.getRuntime().availableProcessors(), config.bufferBytes() / BatchLayout.BATCH_BYTES_MAX);
            RecordWriter begun = new RecordWriter(config, environment, fresh);
            begun.start();
            writer = begun;
            lanes = fresh;
        } finally {
            lock.unlock();
        }
    }

    /** Records no more; returns when all is written that was recorded, but for calls that end at this moment. */
    public void stop() {
        lock.lock();
        try {
            RecordWriter ending = writer;
            if (ending != null) {
                lanes = null;
                ending.stop();
                writer = null;
                recordedBefore += ending.recorded();
                droppedBefore += ending.dropped();
            }
        } finally {
            lock.unlock();
        }
    }

    public RecorderStatus status() {
        lock.lock();
        try {
            RecordWriter current = writer;
            String folder = config.folder().toAbsolutePath().toString();
            return current == null
                    ? new RecorderStatus(false, folder, recordedBefore, droppedBefore, "")
                    : new RecorderStatus(
                            true,
                            folder,
                            recordedBefore + current.recorded(),
                            droppedBefore + current.dropped(),
                            current.problem());
        } finally {
            lock.unlock();
        }
    }

    /** Its switch, for a server to serve. */
    public RecorderService service() {
        return new RecorderService() {
            @Override
            public RecorderStatus status() {
                return FlightRecorder.this.status();
            }

            @Override
            public RecorderStatus start() {
                try {
                    FlightRecorder.this.start();
                    return status();
                } catch (IOException e) {
                    throw new RpcException(StatusCode.FAILED_PRECONDITION, String.valueOf(e.getMessage()), e);
                }
            }

            @Override
            public RecorderStatus stop() {
                FlightRecorder.this.stop();
                return status();
            }
        };
    }

    @Override
    public void close() {
        stop();
    }
}
