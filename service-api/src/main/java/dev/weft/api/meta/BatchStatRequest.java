package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.List;

/** Asks for many inodes at once, all of one moment. */
@Serde
public record BatchStatRequest(Credentials caller, List<PathAt> places, boolean follow) {
    public static final int PLACES_MAX = 1000;
}
