/**
 * Keeps chunks on one disk: bytes in data files, written copy-on-write, and everything else in an ordered index.
 *
 * <p>Knows nothing of chains, nodes or calls. Metadata refers only to bytes that were forced to the disk before.
 */
package dev.weft.storage.engine;
