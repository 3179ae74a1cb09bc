package dev.weft.meta.operations;

import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.LockDirectoryRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.util.Optional;
import java.util.UUID;

/** Takes and gives up the lock of a directory. */
public record LockDirectoryOperation(Workplace workplace) {
    public Inode run(LockDirectoryRequest request) throws MetaException, InterruptedException {
        return workplace.once(
                request.request(),
                Operation.LOCK_DIRECTORY,
                InodeCodec.CODEC,
                request.caller(),
                tree -> lock(tree, request));
    }

    private static Inode lock(Tree tree, LockDirectoryRequest request) throws MetaException {
        StoredEntry entry = tree.find(request.at(), true).existingDirectory();
        StoredInode inode = tree.namespace().inodeOf(entry);
        if (inode.content() instanceof StoredContent.Directory directory) {
            Optional<UUID> holder = holder(tree, request, inode, directory.lockedBy());
            tree.namespace().putInode(entry.inodeId(), inode.withContent(directory.withLock(holder), tree.now()));
        }
        return tree.seen(entry);
    }

    /** Who has it then. */
    private static Optional<UUID> holder(
            Tree tree, LockDirectoryRequest request, StoredInode inode, Optional<UUID> holder) throws MetaException {
        UUID client = request.caller().client();
        boolean free = holder.isEmpty() || holder.get().equals(client);
        return switch (request.mode()) {
            case LOCK -> {
                tree.require(inode.access(), Permissions.WRITE, request.at());
                if (!free) {
                    throw Workplace.fault(Kind.LOCKED, request.at() + ", by client " + holder.get());
                }
                yield Optional.of(client);
            }
            case PREEMPT -> {
                Permissions.requireOwner(tree.caller(), inode.access(), request.at());
                yield Optional.of(client);
            }
            case UNLOCK -> free ? Optional.empty() : holder;
            case CLEAR -> {
                Permissions.requireOwner(tree.caller(), inode.access(), request.at());
                yield Optional.empty();
            }
        };
    }
}
