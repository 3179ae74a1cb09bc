package dev.weft.storage;

import static java.util.Objects.requireNonNull;

import dev.weft.api.storage.ChunkOperation;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.StorageFault;
import dev.weft.api.storage.StorageFault.Kind;
import dev.weft.api.storage.UpdateBatchReply;
import dev.weft.api.storage.UpdateBatchRequest;
import dev.weft.api.storage.UpdateRequest;
import dev.weft.api.storage.UpdateResult;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.TaskFailedException;
import dev.weft.rpc.TaskScope;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Several changes of one request, each as if it had come alone. */
final class BatchWriter {
    static final int UPDATES_MAX = 256;
    static final long BYTES_MAX = Requests.CHUNK_BYTES_MAX;

    /** Changes of one request that are made at a time: enough to share the forcing of the disk. */
    private static final int WORKERS_MAX = 32;

    private final ChainWriter writer;
    private final Environment environment;

    BatchWriter(ChainWriter writer, Environment environment) {
        this.writer = writer;
        this.environment = environment;
    }

    UpdateBatchReply update(UpdateBatchRequest request) {
        List<UpdateRequest> updates = request.updates();
        long bytes = updates.stream().mapToLong(BatchWriter::bytes).sum();
        if (updates.size() > UPDATES_MAX || bytes > BYTES_MAX) {
            throw new RpcException(
                    StatusCode.INVALID_ARGUMENT,
                    updates.size() + " changes of " + bytes + " bytes are more than " + UPDATES_MAX + " of "
                            + BYTES_MAX);
        }
        try {
            return new UpdateBatchReply(updateAll(updates));
        } catch (InterruptedException e) {
            throw Faults.cancelled(e);
        }
    }

    private List<UpdateResult> updateAll(List<UpdateRequest> updates) throws InterruptedException {
        List<UpdateResult> results = new ArrayList<>(updates.size());
        if (updates.size() == 1) {
            results.add(update(updates.getFirst()));
            return results;
        }
        UpdateResult[] found = new UpdateResult[updates.size()];
        AtomicInteger next = new AtomicInteger();
        try (TaskScope scope = TaskScope.open(environment)) {
            for (int worker = 0; worker < Math.min(updates.size(), WORKERS_MAX); worker++) {
                scope.fork(() -> {
                    for (int i = next.getAndIncrement(); i < found.length; i = next.getAndIncrement()) {
                        found[i] = update(updates.get(i));
                    }
                    return found.length;
                });
            }
            scope.join();
        } catch (TaskFailedException e) {
            throw e.getCause() instanceof RuntimeException broken ? broken : e;
        }
        return List.of(found);
    }

    private UpdateResult update(UpdateRequest update) {
        try {
            return new UpdateResult.Done(writer.update(update));
        } catch (StorageException e) {
            return new UpdateResult.Failed(e.detail());
        } catch (UncheckedIOException e) {
            return new UpdateResult.Failed(
                    Faults.of(requireNonNull(e.getCause())).detail());
        } catch (RpcException e) {
            // As far as anybody knows it is still on its way: whoever wants to know asks again with the same tag.
            return new UpdateResult.Failed(new StorageFault(Kind.IN_PROGRESS, 0, e.code() + ": " + e.getMessage()));
        }
    }

    private static long bytes(UpdateRequest update) {
        return update.operation() instanceof ChunkOperation.Write write ? Math.max(0, write.length()) : 0;
    }
}
