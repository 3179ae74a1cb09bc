package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.List;

/** What was asked for, in the order in which it was. */
@Serde
public record BatchStatReply(List<StatResult> results) {}
