package dev.weft.rpc.recorder;

import dev.weft.serde.Serde;

/**
 * What a recorder does.
 *
 * @param recorded calls written since the process was started
 * @param dropped calls that were not, since then: they came too fast, or the disk was full
 * @param problem why nothing is written now; empty if it is
 */
@Serde
public record RecorderStatus(boolean on, String folder, long recorded, long dropped, String problem) {}
