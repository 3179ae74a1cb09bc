package dev.weft.meta.operations;

import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenReplyCodec;
import dev.weft.meta.schema.StoredAccess;
import dev.weft.meta.schema.StoredContent;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.util.Optional;

/**
 * Creates a file and opens it for writing, or opens the one that is there.
 *
 * <p>To empty a file that is there and has one name, a new inode takes its place and the old one goes to the collector:
 * one transaction, whatever the file's size. Those who have the old one open keep it until they close it. A file with
 * several names is truncated, so that they stay names of one file, and so is one with extended attributes.
 */
public record CreateOperation(Workplace workplace) {
    public OpenReply run(CreateRequest request) throws MetaException, InterruptedException {
        Permissions.check(request.permissions());
        long newId = workplace.inodeIds().next();
        Optional<OpenReply> reply = workplace.onceIfDone(
                request.request(),
                Operation.CREATE,
                OpenReplyCodec.CODEC,
                request.caller(),
                tree -> create(tree, request, newId));
        return reply.isPresent()
                ? reply.get()
                : new Opening(workplace)
                        .emptied(
                                request.request(), Operation.CREATE, request.caller(), request.at(), Permissions.WRITE);
    }

    /** Nothing if the file has to be truncated first. */
    private Optional<OpenReply> create(Tree tree, CreateRequest request, long newId) throws MetaException {
        Opening opening = new Opening(workplace);
        Place place = tree.find(request.at(), !request.exclusive());
        if (place.entry().isEmpty()) {
            return Optional.of(opening.forWriting(tree, newId, make(tree, place, request, newId)));
        }
        StoredEntry entry = place.entry().get();
        if (request.exclusive()) {
            throw Workplace.fault(Kind.EXISTS, request.at());
        }
        Truncation.File file = Opening.file(tree, request.at(), Permissions.WRITE);
        if (!request.truncate()) {
            return Optional.of(opening.forWriting(tree, file.inodeId(), file.inode()));
        }
        if (file.inode().links() > 1
                || place.parent().isEmpty()
                || tree.namespace().hasExtended(file.inodeId())) {
            return Optional.empty();
        }
        return Optional.of(opening.forWriting(tree, newId, replace(tree, place, entry, file.inode(), request, newId)));
    }

    private StoredInode make(Tree tree, Place place, CreateRequest request, long newId) throws MetaException {
        Tree.Parent parent = tree.requireMayAdd(place);
        StoredAccess access = tree.newAccess(parent, request.permissions(), false);
        StoredContent content = empty(request, parent.content());
        StoredInode file = StoredInode.of(access, content, parent.quota(), tree.now());
        tree.add(parent, place.name(), newId, file);
        return file;
    }

    /** The new inode counts in the place of the old one. */
    private StoredInode replace(
            Tree tree, Place place, StoredEntry entry, StoredInode old, CreateRequest request, long newId)
            throws MetaException {
        long parentId = place.directory().inodeId();
        StoredContent.Directory directory = tree.namespace()
                .inode(parentId)
                .map(StoredInode::content)
                .map(StoredContent.Directory.class::cast)
                .orElseThrow(() -> Workplace.fault(Kind.NOT_FOUND, place.asked()));
        StoredInode file = old.written(empty(request, directory), tree.now());
        if (!tree.caller().isRoot()) {
            file = file.withAccess(Permissions.withoutSetId(file.access()), tree.now());
        }
        tree.release(entry, old);
        tree.namespace().quotas().charge(file.quota(), 0);
        tree.namespace().putInode(newId, file);
        tree.namespace().putEntry(parentId, place.name(), StoredEntry.of(newId, file));
        return file;
    }

    /** What the request does not say, the directory does, and then the server's configuration. */
    private StoredContent.File empty(CreateRequest request, StoredContent.Directory directory) throws MetaException {
        Layout layout = workplace
                .layouts()
                .choose(
                        request.chunkSize() == 0 ? directory.chunkSize() : request.chunkSize(),
                        request.stripes() == 0 ? directory.stripes() : request.stripes());
        return new StoredContent.File(0, 0, layout);
    }
}
