package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Settles a file's length and, if {@code close}, ends the session, without which nothing is changed.
 *
 * @param writtenEnd one past the last byte the writer wrote; -1 asks the server to find out from storage
 * @param truncations of the inode as the writer knew it
 */
@Serde
public record CloseRequest(
        Credentials caller, long inodeId, UUID session, long writtenEnd, long truncations, boolean close) {}
