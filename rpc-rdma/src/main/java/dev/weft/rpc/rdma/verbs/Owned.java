package dev.weft.rpc.rdma.verbs;

/** A verbs object that knows whose it is; every object of our own providers implements it. */
public interface Owned {
    VerbsProvider owner();
}
