package dev.weft.meta.operations;

import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.TruncateRequest;
import dev.weft.kv.Bytes;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.Namespace;
import dev.weft.meta.schema.Records;
import dev.weft.meta.schema.RequestLog;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.Optional;

/**
 * Makes a file exactly as long as asked: first its chunks, then its inode. If the server dies between, the length is
 * still the old one and what is missing reads as zeros; the repeated request completes it.
 */
public record TruncateOperation(Workplace workplace) {
    private static final int ATTEMPTS_MAX = 5;

    /** The chunks of a file are numbered by an int. */
    private static final long CHUNKS_MAX = 1L << 31;

    /** A file as it was found, or the reply of the same request before. */
    private record Found(StoredEntry entry, StoredInode inode, Optional<Bytes> earlierReply) {}

    public Inode run(TruncateRequest request) throws MetaException, InterruptedException {
        MetaPath path = MetaPath.parse(request.path());
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Found found = find(path, request);
            if (found.earlierReply().isPresent()) {
                return Records.decode(InodeCodec.CODEC, found.earlierReply().get());
            }
            long inodeId = found.entry().inodeId();
            Layout layout = found.inode().layout().orElseThrow();
            if (request.length() < 0 || request.length() > layout.chunkSize() * CHUNKS_MAX) {
                throw Workplace.fault(
                        Kind.INVALID,
                        "length " + request.length() + " is not from 0 to " + layout.chunkSize() * CHUNKS_MAX);
            }
            workplace.chunks().truncate(inodeId, layout, request.length());
            Optional<Inode> done = finish(request, inodeId, found.inode().truncations());
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw new RpcException(StatusCode.ABORTED, path + " is being truncated or replaced again and again");
    }

    private Found find(MetaPath path, TruncateRequest request) throws MetaException, InterruptedException {
        return workplace.store().run(tx -> {
            Namespace namespace = new Namespace(tx);
            Optional<Bytes> earlier = RequestLog.find(tx, request.request(), Operation.TRUNCATE);
            StoredEntry entry = namespace.resolve(path).existing();
            if (entry.type() != FileType.FILE) {
                throw Workplace.fault(Kind.IS_A_DIRECTORY, path);
            }
            return new Found(entry, namespace.inodeOf(entry), earlier);
        });
    }

    /** Nothing if the file was removed, or truncated by someone else, since it was found. */
    private Optional<Inode> finish(TruncateRequest request, long inodeId, long truncations)
            throws MetaException, InterruptedException {
        return workplace.store().run(tx -> {
            Namespace namespace = new Namespace(tx);
            Optional<Bytes> earlier = RequestLog.find(tx, request.request(), Operation.TRUNCATE);
            if (earlier.isPresent()) {
                return Optional.of(Records.decode(InodeCodec.CODEC, earlier.get()));
            }
            Optional<StoredInode> inode = namespace.inode(inodeId);
            if (inode.isEmpty() || inode.get().truncations() != truncations) {
                return Optional.empty();
            }
            StoredInode truncated = inode.get().truncatedTo(request.length(), workplace.now());
            namespace.putInode(inodeId, truncated);
            Inode reply = truncated.toInode(inodeId);
            RequestLog.add(
                    tx,
                    request.request(),
                    Operation.TRUNCATE,
                    Records.encode(InodeCodec.CODEC, reply),
                    workplace.now());
            return Optional.of(reply);
        });
    }
}
