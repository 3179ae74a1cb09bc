/**
 * What engines are made of: transactions over a snapshot, the writes they gather, the window that finds their conflicts, and
 * the database below. For the engines of this project only.
 */
package dev.weft.kv.engine;
