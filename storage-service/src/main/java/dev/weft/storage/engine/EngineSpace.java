package dev.weft.storage.engine;

/**
 * Space of an engine's disk in bytes.
 *
 * @param capacityBytes of the disk
 * @param freeBytes by which files may still grow
 * @param reservedBytes set aside in data files and free
 * @param usedBytes that chunks of all targets take
 * @param low whether little is left
 * @param refusesNew whether so little is left that new chunks are refused
 */
public record EngineSpace(
        long capacityBytes, long freeBytes, long reservedBytes, long usedBytes, boolean low, boolean refusesNew) {}
