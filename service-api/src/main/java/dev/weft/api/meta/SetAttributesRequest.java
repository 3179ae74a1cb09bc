package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Changes attributes; what is empty stays. {@code follow} says what a symbolic link at the end means. */
@Serde
public record SetAttributesRequest(
        Credentials caller,
        PathAt at,
        boolean follow,
        OptionalInt permissions,
        OptionalInt owner,
        OptionalInt group,
        Optional<NewTime> accessed,
        Optional<NewTime> modified,
        UUID request) {}
