package dev.weft.meta.schema;

import dev.weft.serde.Serde;
import java.time.Instant;

/** When a name in a directory was last changed. Written without being read, so that such changes do not conflict. */
@Serde
public record StoredTouch(Instant modified) {}
