package dev.weft.meta.operations;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenReplyCodec;
import dev.weft.api.meta.PathAt;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import dev.weft.meta.schema.StoredSession;
import java.util.Optional;
import java.util.UUID;

/** What creating and opening a file have in common. */
record Opening(Workplace workplace) {
    /** Begins a session of someone who writes. */
    OpenReply forWriting(Tree tree, long inodeId, StoredInode inode) throws MetaException {
        tree.namespace().quotas().requireRoom(inode.quota(), 1);
        UUID session = workplace.randomUuid();
        StoredSession stored = new StoredSession(
                tree.caller().client(), tree.now(), tree.caller().user(), Optional.empty());
        tree.namespace().putSession(inodeId, session, stored);
        return new OpenReply(inode.toInode(inodeId), Optional.of(session));
    }

    /** The file that a path leads to, symbolic links followed, if the caller has the rights in {@code wanted}. */
    static Truncation.File file(Tree tree, PathAt at, int wanted) throws MetaException {
        StoredEntry entry = tree.find(at, true).existing();
        if (entry.isDirectory()) {
            throw Workplace.fault(Kind.IS_A_DIRECTORY, at);
        }
        StoredInode inode = tree.namespace().inodeOf(entry);
        tree.require(inode.access(), wanted, at);
        return Truncation.File.of(entry.inodeId(), inode, at);
    }

    /** Makes a file that is there empty and opens it. */
    OpenReply emptied(UUID request, Operation operation, Credentials caller, PathAt at, int wanted)
            throws MetaException, InterruptedException {
        return new Truncation(workplace)
                .run(
                        new Truncation.Request<>(request, operation, OpenReplyCodec.CODEC, caller, 0),
                        tree -> file(tree, at, wanted),
                        this::forWriting);
    }
}
