package dev.weft.examples.ticker;

import dev.weft.rpc.StreamReader;
import dev.weft.rpc.StreamWriter;

/** A share that is worth a cent more each second, but for every third. */
final class SteadyTicker implements Ticker {
    @Override
    public void watch(Period period, StreamWriter<Price> prices) {
        for (int second = 0; second < period.seconds(); second++) {
            prices.write(new Price(second, 100 + second - (second % 3 == 2 ? 10 : 0)));
        }
    }

    @Override
    public Average average(StreamReader<Price> prices) {
        int count = 0;
        long sum = 0;
        for (Price price : prices) {
            count++;
            sum += price.cents();
        }
        return new Average(count, count == 0 ? 0 : sum / count);
    }

    @Override
    public void highest(StreamReader<Price> prices, StreamWriter<Price> highest) {
        Price best = new Price(0, Long.MIN_VALUE);
        for (Price price : prices) {
            best = price.cents() > best.cents() ? price : best;
            highest.write(best);
        }
    }
}
