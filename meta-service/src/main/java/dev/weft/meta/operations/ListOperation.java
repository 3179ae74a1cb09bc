package dev.weft.meta.operations;

import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.StoredEntry;
import java.util.ArrayList;
import java.util.List;

/** A page of a directory, all of one moment; pages are of different moments. */
public record ListOperation(Workplace workplace) {
    /** Bounds the size of a reply; a caller that asks for more gets this many. */
    public static final int LIMIT_MAX = 1000;

    public ListReply run(ListRequest request) throws MetaException, InterruptedException {
        MetaPath path = MetaPath.parse(request.path());
        if (request.limit() < 1) {
            throw Workplace.fault(Kind.INVALID, "limit " + request.limit() + " is below 1");
        }
        if (request.after().length() > MetaPath.NAME_BYTES_MAX) {
            throw Workplace.fault(
                    Kind.NAME_TOO_LONG,
                    "name to continue after has " + request.after().length() + " characters");
        }
        int limit = Math.min(request.limit(), LIMIT_MAX);
        return workplace.inTransaction(namespace -> {
            StoredEntry directory = namespace.resolve(path).existing();
            if (directory.type() != FileType.DIRECTORY) {
                throw Workplace.fault(Kind.NOT_A_DIRECTORY, path);
            }
            List<Namespace.Named> found = namespace.entries(directory.inodeId(), request.after(), limit + 1);
            List<DirectoryEntry> page = new ArrayList<>();
            for (Namespace.Named named : found.subList(0, Math.min(limit, found.size()))) {
                StoredEntry entry = named.entry();
                page.add(new DirectoryEntry(
                        named.name(), namespace.inodeOf(entry).toInode(entry.inodeId())));
            }
            return new ListReply(page, found.size() > limit);
        });
    }
}
