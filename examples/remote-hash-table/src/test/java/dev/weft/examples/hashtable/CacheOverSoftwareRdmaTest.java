package dev.weft.examples.hashtable;

/** On emulated devices, as the POM of the examples has it for tests. */
final class CacheOverSoftwareRdmaTest extends CacheContract {
    @Override
    String address() {
        return "rdma://127.0.0.1:0";
    }
}
