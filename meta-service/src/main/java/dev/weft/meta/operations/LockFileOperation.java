package dev.weft.meta.operations;

import dev.weft.api.meta.FileLock;
import dev.weft.api.meta.LockFileReply;
import dev.weft.api.meta.LockFileRequest;
import dev.weft.api.meta.LockFileRequest.Mode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.meta.schema.Locks;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredInode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes, gives up and asks for locks on files. Doing it again changes nothing, so that no request is remembered. */
public record LockFileOperation(Workplace workplace) {
    public LockFileReply run(LockFileRequest request) throws MetaException, InterruptedException {
        FileLock lock = request.lock();
        if (lock.start() < 0 || lock.end() <= lock.start()) {
            throw Workplace.fault(Kind.INVALID, "no bytes from " + lock.start() + " to " + lock.end());
        }
        if (!lock.client().equals(request.caller().client())) {
            throw Workplace.fault(Kind.INVALID, "a lock for client " + lock.client());
        }
        return workplace.store().run(tx -> {
            Locks locks = new Locks(tx, workplace.now());
            requireFile(new Namespace(tx), request);
            return new LockFileReply(lock(locks, request), workplace.config().lockLease());
        });
    }

    private static void requireFile(Namespace namespace, LockFileRequest request) throws MetaException {
        PathAt at = PathAt.inode(request.inodeId());
        StoredInode inode = namespace.inode(request.inodeId()).orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, at));
        Truncation.File.of(request.inodeId(), inode, at);
        int wanted = request.lock().exclusive() && request.lock().kind() == FileLock.Kind.RANGE ? Permissions.WRITE : 0;
        boolean reads = Permissions.allow(request.caller(), inode.access(), Permissions.READ);
        boolean writes = Permissions.allow(request.caller(), inode.access(), Permissions.WRITE);
        if (request.mode() == Mode.LOCK && !writes && (wanted != 0 || !reads)) {
            throw Workplace.fault(Kind.ACCESS_DENIED, at);
        }
    }

    /** Who is in the way, if anyone is. */
    private Optional<FileLock> lock(Locks locks, LockFileRequest request) throws MetaException {
        FileLock lock = request.lock();
        List<FileLock> held = locks.of(request.inodeId());
        if (request.mode() != Mode.UNLOCK) {
            Optional<FileLock> inTheWay =
                    held.stream().filter(lock::conflictsWith).findFirst();
            if (inTheWay.isPresent() || request.mode() == Mode.TEST) {
                return inTheWay;
            }
        }
        List<FileLock> changed = new ArrayList<>(Locks.without(held, lock));
        if (request.mode() == Mode.LOCK) {
            changed.add(lock);
            locks.begin(lock.client(), workplace.now().plus(workplace.config().lockLease()));
        }
        long own = changed.stream()
                .filter(one -> one.isOf(lock.client(), lock.owner(), lock.kind()))
                .count();
        if (own > LockFileRequest.LOCKS_MAX) {
            throw Workplace.fault(
                    Kind.TOO_LARGE, own + " locks on " + request.inodeId() + ", at most " + LockFileRequest.LOCKS_MAX);
        }
        locks.put(request.inodeId(), changed);
        return Optional.empty();
    }
}
