package dev.weft.api.storage;

import dev.weft.serde.Serde;

/**
 * A change of one chunk, from a target to its successor.
 *
 * @param update with the sender's chain version and, for a write, the data in the sender's memory
 * @param version the chunk version that this update makes
 * @param follows the committed version that it was applied to; zero for a new chunk
 * @param replace the operation holds the whole chunk and replaces whatever the successor has, as a syncing one needs
 * @param ahead the sender has it not durable yet, and confirms it later; until then it must not be shown or committed
 */
@Serde
public record ForwardRequest(
        long targetId, UpdateRequest update, long version, long follows, boolean replace, boolean ahead) {}
