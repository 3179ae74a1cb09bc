package dev.weft.meta.operations;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.meta.operations.Workplace.Work;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.serde.Codec;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives a file another length: first its chunks, then its inode. If the server dies between, the length is still the old
 * one and what is missing reads as zeros; the repeated request completes it.
 */
record Truncation(Workplace workplace) {
    private static final int ATTEMPTS_MAX = 5;

    /** Who wants it, and how its reply is remembered. */
    record Request<R>(UUID id, Operation operation, Codec<R> codec, Credentials caller, long length) {}

    /** A file as it was found. */
    record File(long inodeId, StoredInode inode, StoredContent.File content) {
        static File of(long inodeId, StoredInode inode, PathAt at) throws MetaException {
            if (!(inode.content() instanceof StoredContent.File content)) {
                throw Workplace.fault(inode.isDirectory() ? Kind.IS_A_DIRECTORY : Kind.INVALID, at + " is no file");
            }
            return new File(inodeId, inode, content);
        }
    }

    /** What else is done in the transaction that changes the inode. */
    @FunctionalInterface
    interface Finish<R> {
        R reply(Tree tree, long inodeId, StoredInode truncated) throws MetaException;
    }

    /** What the first transaction found: the file, or the reply of the same request before. */
    private record Start<R>(Optional<File> file, Optional<R> earlier) {}

    <R> R run(Request<R> request, Work<File> find, Finish<R> finish) throws MetaException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Start<R> start = start(request, find);
            if (start.earlier().isPresent()) {
                return start.earlier().get();
            }
            File file = start.file().orElseThrow();
            long lengthMax = Lengths.max(file.content().layout());
            if (request.length() < 0 || request.length() > lengthMax) {
                throw Workplace.fault(Kind.INVALID, "length " + request.length() + " is not from 0 to " + lengthMax);
            }
            workplace.chunks().truncate(file.inodeId(), file.content().layout(), request.length());
            Optional<R> done = workplace.onceIfDone(
                    request.id(),
                    request.operation(),
                    request.codec(),
                    request.caller(),
                    tree -> finish(tree, request, file, finish));
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw new RpcException(StatusCode.ABORTED, "the file is being truncated or replaced again and again");
    }

    private <R> Start<R> start(Request<R> request, Work<File> find) throws MetaException, InterruptedException {
        Optional<R> earlier = workplace.onceIfDone(
                request.id(), request.operation(), request.codec(), request.caller(), _ -> Optional.empty());
        return earlier.isPresent()
                ? new Start<>(Optional.empty(), earlier)
                : new Start<>(Optional.of(workplace.inTransaction(request.caller(), find)), earlier);
    }

    /** Nothing if the file was removed, or truncated by someone else, since it was found. */
    private static <R> Optional<R> finish(Tree tree, Request<R> request, File found, Finish<R> finish)
            throws MetaException {
        Optional<StoredInode> inode = tree.namespace().inode(found.inodeId());
        if (inode.isEmpty()
                || !(inode.get().content() instanceof StoredContent.File file)
                || file.truncations() != found.content().truncations()) {
            return Optional.empty();
        }
        tree.require(inode.get().access(), Permissions.WRITE, "inode " + found.inodeId());
        StoredContent.File cut = new StoredContent.File(request.length(), file.truncations() + 1, file.layout());
        StoredInode truncated = inode.get().written(cut, tree.now());
        if (!tree.caller().isRoot()) {
            truncated = truncated.withAccess(Permissions.withoutSetId(truncated.access()), tree.now());
        }
        tree.namespace().putInode(found.inodeId(), truncated);
        if (truncated.links() > 0) {
            tree.namespace().quotas().resize(truncated.quota(), request.length() - file.length());
        }
        return Optional.of(finish.reply(tree, found.inodeId(), truncated));
    }
}
