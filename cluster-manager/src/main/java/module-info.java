import org.jspecify.annotations.NullMarked;

/**
 * The cluster manager: who is alive, which targets replicate what, and who has to know. What is decided is pure
 * ({@code TransitionTable}, {@code Placement}, {@code ClusterState}); {@code ClusterManagerServer} adds time, threads and
 * the store.
 */
@NullMarked
module dev.weft.cluster {
    requires static transitive org.jspecify;
    requires transitive dev.weft.api;
    requires transitive dev.weft.kv;

    exports dev.weft.cluster;
}
