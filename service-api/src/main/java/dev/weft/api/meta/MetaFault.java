package dev.weft.api.meta;

import dev.weft.serde.Serde;

/** Why a metadata operation was refused: the POSIX error and the path or value it is about. */
@Serde
public record MetaFault(Kind kind, String message) {
    /** Named after the POSIX errors. */
    @Serde
    public enum Kind {
        NOT_FOUND,
        EXISTS,
        NOT_A_DIRECTORY,
        IS_A_DIRECTORY,
        NOT_EMPTY,
        INVALID,
        NAME_TOO_LONG,
        NO_SPACE,
        BUSY,
        /** EACCES: the permission bits of something do not allow it. */
        ACCESS_DENIED,
        /** EPERM: only for the owner, or for root. */
        NOT_PERMITTED,
        /** ELOOP: too many symbolic links on the way. */
        LINK_LOOP,
        /** EMLINK. */
        TOO_MANY_LINKS,
        /** EXDEV: would leave a tree that has a quota. */
        OTHER_TREE,
        /** EDQUOT. */
        QUOTA_EXCEEDED,
        /** ENODATA: no extended attribute of this name. */
        NO_ATTRIBUTE,
        /** ERANGE, E2BIG: beyond what may be stored. */
        TOO_LARGE,
        /** Another client has locked the directory. */
        LOCKED,
        /** ESTALE: the file counts as closed, as its client was taken for gone. What was written since then may be lost. */
        SESSION_ENDED
    }
}
