/**
 * The metadata service under faults: real servers over one store, clients that do things on a small tree, and a model of
 * the tree that everything they were told has to fit.
 */
package dev.weft.simulation.meta;
