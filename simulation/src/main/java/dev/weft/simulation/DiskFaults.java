package dev.weft.simulation;

/** How a disk behaves now. */
final class DiskFaults {
    /** Each operation takes so many times as long. */
    int slowness = 1;

    /** Each operation fails. */
    boolean failing;

    /** Files do not take bytes. */
    boolean full;
}
