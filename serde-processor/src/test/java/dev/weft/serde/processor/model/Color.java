package dev.weft.serde.processor.model;

import dev.weft.serde.Serde;

@Serde
public enum Color {
    RED,
    GREEN,
    BLUE
}
