package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.UUID;

/**
 * Begins a check of all metadata against itself and against storage.
 *
 * @param caller must be root
 * @param check names the check
 * @param repair whether to mend what is found
 */
@Serde
public record CheckStartRequest(Credentials caller, UUID check, boolean repair) {}
