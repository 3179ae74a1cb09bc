package dev.weft.examples.hashtable;

import org.junit.jupiter.api.Tag;

@Tag("rdma")
final class CacheOverRdmaTest extends CacheContract {
    @Override
    String address() {
        return "rdma://10.0.0.1:0";
    }
}
