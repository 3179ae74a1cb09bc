package dev.weft.meta.operations;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.NewTime;
import dev.weft.api.meta.SetAttributesRequest;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.time.Instant;
import java.util.Optional;

/** Changes permissions, owner, group and times, by the rules of chmod, chown and utimensat. */
public record SetAttributesOperation(Workplace workplace) {
    public Inode run(SetAttributesRequest request) throws MetaException, InterruptedException {
        if (request.permissions().isPresent()) {
            Permissions.check(request.permissions().getAsInt());
        }
        return workplace.once(
                request.request(),
                Operation.SET_ATTRIBUTES,
                InodeCodec.CODEC,
                request.caller(),
                tree -> set(tree, request));
    }

    private static Inode set(Tree tree, SetAttributesRequest request) throws MetaException {
        StoredEntry entry = tree.find(request.at(), request.follow()).existing();
        StoredInode inode = tree.namespace().inodeOf(entry);
        StoredAccess access = owned(tree, request, inode);
        access = permitted(tree, request, inode.access(), access);
        Instant accessed = time(tree, request, request.accessed(), inode).orElse(inode.accessed());
        Optional<Instant> modified = time(tree, request, request.modified(), inode);
        StoredInode changed =
                inode.withAccess(access, tree.now()).withTimes(accessed, modified.orElse(inode.modified()), tree.now());
        tree.putAccess(entry.inodeId(), changed);
        if (inode.isDirectory() && modified.isPresent()) {
            tree.namespace().touch(entry.inodeId(), modified.get());
        }
        return tree.seen(entry);
    }

    /** Only root gives a file away; its owner may give it to a group that he is in. */
    private static StoredAccess owned(Tree tree, SetAttributesRequest request, StoredInode inode) throws MetaException {
        StoredAccess old = inode.access();
        Credentials caller = tree.caller();
        if (request.owner().isEmpty() && request.group().isEmpty()) {
            return old;
        }
        int owner = request.owner().orElse(old.owner());
        int group = request.group().orElse(old.group());
        Permissions.requireOwner(caller, old, request.at());
        boolean given = owner != old.owner() || (group != old.group() && !caller.isIn(group));
        if (given && !caller.isRoot()) {
            throw Workplace.fault(Kind.NOT_PERMITTED, request.at());
        }
        StoredAccess changed = new StoredAccess(old.permissions(), owner, group);
        return inode.isDirectory() ? changed : Permissions.withoutSetId(changed);
    }

    private static StoredAccess permitted(
            Tree tree, SetAttributesRequest request, StoredAccess old, StoredAccess access) throws MetaException {
        if (request.permissions().isEmpty()) {
            return access;
        }
        Permissions.requireOwner(tree.caller(), old, request.at());
        int bits = Permissions.withoutForeignGroup(
                tree.caller(), request.permissions().getAsInt(), access.group());
        return access.withPermissions(bits);
    }

    private static Optional<Instant> time(
            Tree tree, SetAttributesRequest request, Optional<NewTime> wanted, StoredInode inode) throws MetaException {
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        return switch (wanted.get()) {
            case NewTime.At(Instant time) -> {
                Permissions.requireOwner(tree.caller(), inode.access(), request.at());
                yield Optional.of(time);
            }
            case NewTime.Now() -> {
                if (!Permissions.isOwner(tree.caller(), inode.access())) {
                    tree.require(inode.access(), Permissions.WRITE, request.at());
                }
                yield Optional.of(tree.now());
            }
        };
    }
}
