package dev.weft.cluster;

/** How targets are numbered: {@code node id * 1000 + index}. */
final class Targets {
    static final int PER_NODE_MAX = 1000;

    private Targets() {}

    static int nodeOf(long targetId) {
        return (int) (targetId / PER_NODE_MAX);
    }
}
