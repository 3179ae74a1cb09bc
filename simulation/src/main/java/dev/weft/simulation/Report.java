package dev.weft.simulation;

/**
 * What came of a seed that has nothing wrong.
 *
 * @param trace differs if anything went differently
 */
public record Report(String trace, Coverage coverage) {}
