package dev.weft.storage;

import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.storage.StorageException;
import dev.weft.api.storage.UpdateReply;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskFailedException;
import dev.weft.rpc.TaskScope;
import java.util.concurrent.Callable;

/** A change on its way to the successor while it is being made durable here. For one thread. */
final class AheadCall implements AutoCloseable {
    private final int chainVersion;
    private final long successor;
    private final Runnable confirm;
    private final TaskScope scope;
    private final Subtask<UpdateReply> reply;

    /**
     * Sends it.
     *
     * @param confirm tells the successor that it may go on
     */
    AheadCall(
            Environment environment,
            Membership member,
            ChainTarget successor,
            Callable<UpdateReply> send,
            Runnable confirm) {
        this.chainVersion = member.chain().version();
        this.successor = successor.targetId();
        this.confirm = confirm;
        this.scope = TaskScope.open(environment);
        this.reply = scope.fork(send);
    }

    /** Whether it went to where the chain goes now. */
    boolean went(Membership member, ChainTarget to) {
        return chainVersion == member.chain().version() && successor == to.targetId();
    }

    /** The change is durable here: lets the successor go on, and returns its answer. Once. */
    UpdateReply confirm() throws StorageException, InterruptedException {
        confirm.run();
        try {
            scope.join();
        } catch (TaskFailedException e) {
            switch (e.getCause()) {
                case StorageException refused -> throw refused;
                case RpcException lost -> throw lost;
                case null, default -> throw e;
            }
        }
        return reply.get();
    }

    /** Gives it up, if it is still under way; the successor then has a change that it neither shows nor commits. */
    @Override
    public void close() {
        scope.close();
    }
}
