package dev.weft.meta.operations;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A page of a directory, all of one moment; pages are of different moments. */
public record ListOperation(Workplace workplace) {
    /** Bounds the size of a reply; a caller that asks for more gets this many. */
    public static final int LIMIT_MAX = 1000;

    public ListReply run(ListRequest request) throws MetaException, InterruptedException {
        if (request.limit() < 1) {
            throw Workplace.fault(Kind.INVALID, "limit " + request.limit() + " is below 1");
        }
        int afterBytes = MetaPath.utf8Length(request.after());
        if (afterBytes > MetaPath.NAME_BYTES_MAX) {
            throw Workplace.fault(Kind.NAME_TOO_LONG, "name to continue after has " + afterBytes + " bytes");
        }
        int limit = Math.min(request.limit(), LIMIT_MAX);
        return workplace.inTransaction(request.caller(), tree -> {
            StoredEntry directory = tree.find(request.at(), true).existingDirectory();
            int wanted = request.attributes() ? Permissions.READ | Permissions.SEARCH : Permissions.READ;
            tree.require(directory.access().orElseThrow(), wanted, request.at());
            List<Namespace.Named> found = tree.namespace().entries(directory.inodeId(), request.after(), limit + 1);
            if (request.attributes()) {
                tree.namespace()
                        .prefetch(found.stream()
                                .limit(limit)
                                .flatMap(named -> Namespace.keysOf(named.entry()).stream())
                                .toList());
            }
            List<DirectoryEntry> page = new ArrayList<>();
            for (Namespace.Named named : found.subList(0, Math.min(limit, found.size()))) {
                StoredEntry entry = named.entry();
                Optional<Inode> attributes = request.attributes() ? Optional.of(tree.seen(entry)) : Optional.empty();
                page.add(new DirectoryEntry(named.name(), entry.inodeId(), entry.type(), attributes));
            }
            return new ListReply(page, found.size() > limit);
        });
    }
}
