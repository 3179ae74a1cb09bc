/** Seeded runs of a cluster under faults: {@code SeedRun} is one, {@code Simulate} the command that makes many. */
package dev.weft.simulation;
