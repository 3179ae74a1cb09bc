package dev.weft.examples.ticker;

import dev.weft.examples.ticker.Ticker.Average;
import dev.weft.examples.ticker.Ticker.Period;
import dev.weft.examples.ticker.Ticker.Price;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StreamReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Serves the ticker and calls it, over TCP. */
public final class TickerExample {
    private TickerExample() {}

    /** Prints what came. */
    public static void main(String[] arguments) throws IOException {
        run().forEach(System.out::println);
    }

    static List<String> run() throws IOException {
        try (RpcServer server = RpcServer.builder()
                        .bind(TickerRpc.SERVICE, new SteadyTicker())
                        .listen("tcp://127.0.0.1:0")
                        .start();
                RpcClient client = RpcClient.create()) {
            return use(client.stub(TickerRpc.SERVICE, server.address()));
        }
    }

    /** The same whether the ticker is here or far away. */
    static List<String> use(Ticker ticker) {
        List<String> lines = new ArrayList<>();
        List<Price> prices = new ArrayList<>();
        ticker.watch(new Period(6), prices::add);
        lines.add("prices " + prices.stream().map(Price::cents).toList());

        Average average = ticker.average(StreamReader.of(prices));
        lines.add("average of " + average.prices() + " is " + average.cents());

        try (var highest = StreamReader.<Price>ofCall(out -> ticker.highest(StreamReader.of(prices), out))) {
            for (Price price : highest) {
                lines.add("highest " + price.cents());
            }
        }
        return lines;
    }
}
