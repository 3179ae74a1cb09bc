package dev.weft.examples.ticker;

import dev.weft.rpc.RpcService;
import dev.weft.rpc.StreamReader;
import dev.weft.rpc.StreamWriter;
import dev.weft.serde.Serde;

/** Prices of one share: a service with a stream in each direction, and in both. */
@RpcService
public interface Ticker {
    /** A price at a time. */
    @Serde
    record Price(int second, long cents) {}

    /** Which prices. */
    @Serde
    record Period(int seconds) {}

    /** Of all prices that were sent. */
    @Serde
    record Average(int prices, long cents) {}

    /** All prices of a period. */
    void watch(Period period, StreamWriter<Price> prices);

    /** The average of what the caller sends. */
    Average average(StreamReader<Price> prices);

    /** For each price the highest so far. */
    void highest(StreamReader<Price> prices, StreamWriter<Price> highest);
}
