package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.time.Instant;

/** A time to set. */
@Serde
public sealed interface NewTime {
    /** The server's; whoever may write the file may set it. */
    @Serde
    record Now() implements NewTime {}

    /** Any; only for the owner. */
    @Serde
    record At(Instant time) implements NewTime {}
}
