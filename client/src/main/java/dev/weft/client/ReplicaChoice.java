package dev.weft.client;

/** Which replica of a chunk to read. */
public sealed interface ReplicaChoice {
    /** Any that serves; another one if it fails. */
    record Any() implements ReplicaChoice {}

    /**
     * Only this one, for comparing replicas.
     *
     * @param position in the chain among those that serve, 0 for the head
     */
    record Position(int position) implements ReplicaChoice {}
}
