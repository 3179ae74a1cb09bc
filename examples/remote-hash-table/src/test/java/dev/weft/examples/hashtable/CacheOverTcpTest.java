package dev.weft.examples.hashtable;

final class CacheOverTcpTest extends CacheContract {
    @Override
    String address() {
        return "tcp://127.0.0.1:0";
    }
}
