package dev.weft.serde.processor.model;

import dev.weft.serde.Serde;

@Serde
public record Point(int x, int y) {}
