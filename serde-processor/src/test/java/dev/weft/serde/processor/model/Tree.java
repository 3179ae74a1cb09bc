package dev.weft.serde.processor.model;

import dev.weft.serde.Serde;
import java.util.List;

@Serde
public record Tree<T>(T value, List<Tree<T>> children) {}
