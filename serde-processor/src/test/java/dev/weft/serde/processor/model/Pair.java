package dev.weft.serde.processor.model;

import dev.weft.serde.Serde;
import java.util.List;

@Serde
public record Pair<A, B>(A first, B second, List<B> more) {}
