package dev.weft.meta.operations;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RenameRequest;
import dev.weft.meta.operations.Place.Directory;
import dev.weft.meta.operations.Tree.Parent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredEntryCodec;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;

/**
 * Moves a name, in one step for everyone who looks.
 *
 * <p>Loops: a directory must not come to lie below itself. All directories above the new place have been read up to the
 * root, and a directory that moves is written; so of two renames that together would make a loop one conflicts, and sees
 * what the other did.
 */
public record RenameOperation(Workplace workplace) {
    public StoredEntry run(RenameRequest request) throws MetaException, InterruptedException {
        return workplace.once(
                request.request(),
                Operation.RENAME,
                StoredEntryCodec.CODEC,
                request.caller(),
                tree -> rename(tree, request));
    }

    private static StoredEntry rename(Tree tree, RenameRequest request) throws MetaException {
        Place from = tree.find(request.from(), false);
        StoredEntry moved = from.existing();
        Place to = tree.find(request.to(), false);
        Directory source = from.directory();
        Directory target = to.directory();
        switch (request.mode()) {
            case NO_REPLACE -> {
                if (to.entry().isPresent()) {
                    throw Workplace.fault(Kind.EXISTS, request.to());
                }
            }
            case EXCHANGE -> to.existing();
            case REPLACE -> {}
        }
        if (to.entry().isPresent() && to.entry().get().inodeId() == moved.inodeId()) {
            // Two names of one file, or the same name twice: POSIX has it that nothing is done.
            return moved;
        }
        requireNoLoop(tree, moved, target, request.to());
        StoredInode inode = tree.namespace().inodeOf(moved);
        Parent oldParent = tree.requireMayRemove(from, inode);
        if (request.mode() == RenameRequest.Mode.EXCHANGE) {
            StoredEntry other = to.existing();
            requireNoLoop(tree, other, source, request.from());
            StoredInode otherInode = tree.namespace().inodeOf(other);
            Parent newParent = tree.requireMayRemove(to, otherInode);
            requireMayLeave(tree, otherInode, target, source, request.to());
            requireMayLeave(tree, inode, source, target, request.from());
            tree.detach(newParent, to.name(), other);
            tree.detach(oldParent, from.name(), moved);
            tree.place(oldParent, from.name(), other, otherInode);
            tree.place(newParent, to.name(), moved, inode);
            return moved;
        }
        Parent newParent = to.entry().isPresent() ? replace(tree, moved, to) : tree.requireMayAdd(to);
        requireMayLeave(tree, inode, source, target, request.from());
        tree.detach(oldParent, from.name(), moved);
        tree.place(newParent, to.name(), moved, inode);
        return moved;
    }

    private static void requireNoLoop(Tree tree, StoredEntry moved, Directory target, Object to) throws MetaException {
        if (moved.isDirectory() && tree.isAtOrAbove(moved.inodeId(), target.inodeId())) {
            throw Workplace.fault(Kind.INVALID, to + " is below what is moved");
        }
    }

    /** A directory that gets another parent is changed itself: its {@code ..} leads elsewhere. */
    private static void requireMayLeave(Tree tree, StoredInode inode, Directory source, Directory target, Object about)
            throws MetaException {
        if (inode.isDirectory() && source.inodeId() != target.inodeId()) {
            tree.require(inode.access(), Permissions.WRITE, about);
        }
    }

    /** What is at the target goes, if POSIX allows it to be replaced by {@code moved}. */
    private static Parent replace(Tree tree, StoredEntry moved, Place to) throws MetaException {
        StoredEntry replaced = to.existing();
        StoredInode inode = tree.namespace().inodeOf(replaced);
        Parent target = tree.requireMayRemove(to, inode);
        if (replaced.isDirectory() && !moved.isDirectory()) {
            throw Workplace.fault(Kind.IS_A_DIRECTORY, to.asked());
        }
        if (moved.isDirectory() && !replaced.isDirectory()) {
            throw Workplace.fault(Kind.NOT_A_DIRECTORY, to.asked());
        }
        if (replaced.isDirectory() && !tree.namespace().isEmptyDirectory(replaced.inodeId())) {
            throw Workplace.fault(Kind.NOT_EMPTY, to.asked());
        }
        tree.detach(target, to.name(), replaced);
        tree.release(replaced, inode);
        return target;
    }
}
