package dev.weft.api.meta;

import dev.weft.rpc.Idempotent;
import dev.weft.rpc.RpcService;

/**
 * Names, directories and file attributes. Permissions are those that hold when the operation is done, in the same
 * transaction; a look-up of a name in a directory is {@link #stat} of a {@link PathAt} with both.
 */
@RpcService
public interface MetaService {
    @Idempotent
    Inode stat(StatRequest request) throws MetaException;

    @Idempotent
    BatchStatReply batchStat(BatchStatRequest request) throws MetaException;

    @Idempotent
    RealPathReply realPath(RealPathRequest request) throws MetaException;

    @Idempotent
    ListReply list(ListRequest request) throws MetaException;

    @Idempotent
    OpenReply create(CreateRequest request) throws MetaException;

    @Idempotent
    OpenReply open(OpenRequest request) throws MetaException;

    /** Settles the length of a file that is written; also ends the writer's session if asked to. */
    @Idempotent
    Inode close(CloseRequest request) throws MetaException;

    @Idempotent
    Inode mkdir(MkdirRequest request) throws MetaException;

    @Idempotent
    Inode symlink(SymlinkRequest request) throws MetaException;

    @Idempotent
    Inode link(LinkRequest request) throws MetaException;

    @Idempotent
    void rename(RenameRequest request) throws MetaException;

    @Idempotent
    void remove(RemoveRequest request) throws MetaException;

    @Idempotent
    Inode setAttributes(SetAttributesRequest request) throws MetaException;

    @Idempotent
    ExtendedAttributes getExtended(GetExtendedRequest request) throws MetaException;

    @Idempotent
    Inode setExtended(SetExtendedRequest request) throws MetaException;

    @Idempotent
    Space space(SpaceRequest request) throws MetaException;

    @Idempotent
    Space setQuota(SetQuotaRequest request) throws MetaException;

    @Idempotent
    Inode setLayout(SetLayoutRequest request) throws MetaException;

    @Idempotent
    Inode lockDirectory(LockDirectoryRequest request) throws MetaException;

    @Idempotent
    LockFileReply lockFile(LockFileRequest request) throws MetaException;

    @Idempotent
    LockFileReply renewLocks(RenewLocksRequest request) throws MetaException;

    @Idempotent
    Inode truncate(TruncateRequest request) throws MetaException;
}
