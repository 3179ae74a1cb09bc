/**
 * The storage service: write all replicas, read any (CRAQ).
 *
 * <p>The head of a chain applies a change as pending, forwards it, and commits it when its successor has; so commits run
 * from the tail to the head, and what the client is told is on every replica. Network, time, chance, threads and disk are
 * given from outside.
 */
package dev.weft.storage;
