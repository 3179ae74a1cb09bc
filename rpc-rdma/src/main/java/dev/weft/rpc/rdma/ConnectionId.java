package dev.weft.rpc.rdma;

import java.util.random.RandomGenerator;

/** Names a connection on both sides, and cannot be guessed: who knows it may add a rail. */
record ConnectionId(long most, long least) {
    static ConnectionId random(RandomGenerator random) {
        return new ConnectionId(random.nextLong(), random.nextLong());
    }
}
