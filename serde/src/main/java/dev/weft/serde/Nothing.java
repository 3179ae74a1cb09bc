package dev.weft.serde;

/** What travels where a method takes no parameter or returns nothing: no bytes at all. */
public enum Nothing {
    NOTHING
}
