package t;

import dev.weft.rpc.ApplicationError;
import dev.weft.rpc.Caller;
import dev.weft.rpc.Method;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.ServiceDefinition;
import dev.weft.rpc.StreamReader;
import dev.weft.rpc.StreamWriter;
import dev.weft.serde.Codecs;
import dev.weft.serde.Generated;
import dev.weft.serde.Nothing;
import java.util.List;

/** Defines the service {@link Ticker}, and makes stubs of it. */
@Generated("t.Ticker")
public final class TickerRpc {
    private static final ApplicationError<Closed, String> CLOSED = new ApplicationError<>(
            0x32bcf90ede008944L,
            Closed.class,
            Codecs.STRING,
            Closed::detail,
            Closed::new);

    private static final Method<Ticker, String, Nothing> PRICES = new Method<>(
            "t.Ticker",
            "prices",
            0x534c0756097e178fL,
            Codecs.STRING,
            Codecs.NOTHING,
            false,
            List.of(),
            new Method.Streams<>(Codecs.NOTHING, Codecs.LONG, TickerRpc::prices));

    private static final Method<Ticker, Nothing, Long> SUM = new Method<>(
            "t.Ticker",
            "sum",
            0xc95aa22798eb3a64L,
            Codecs.NOTHING,
            Codecs.LONG,
            false,
            List.of(CLOSED),
            new Method.Streams<>(Codecs.INT, Codecs.NOTHING, TickerRpc::sum));

    private static final Method<Ticker, Nothing, List<String>> TRADE = new Method<>(
            "t.Ticker",
            "trade",
            0x17ab7c456aa78971L,
            Codecs.NOTHING,
            Codecs.list(Codecs.STRING),
            true,
            List.of(),
            new Method.Streams<>(Codecs.STRING, Codecs.list(Codecs.STRING), TickerRpc::trade));

    public static final ServiceDefinition<Ticker> SERVICE = new ServiceDefinition<>(
            Ticker.class,
            "t.Ticker",
            List.of(PRICES, SUM, TRADE),
            Stub::new);

    private TickerRpc() {}

    private static Nothing prices(
            Ticker service,
            String request,
            StreamReader<Nothing> in,
            StreamWriter<Long> out) throws Exception {
        service.prices(request, out);
        return Nothing.NOTHING;
    }

    private static Long sum(
            Ticker service,
            Nothing request,
            StreamReader<Integer> in,
            StreamWriter<Nothing> out) throws Exception {
        return service.sum(in);
    }

    private static List<String> trade(
            Ticker service,
            Nothing request,
            StreamReader<String> in,
            StreamWriter<List<String>> out) throws Exception {
        return service.trade(in, out);
    }

    /** Makes every call through a caller. */
    private static final class Stub implements Ticker {
        private final Caller caller;

        Stub(Caller caller) {
            this.caller = caller;
        }

        @Override
        public void prices(String symbol, StreamWriter<Long> out) {
            caller.call(PRICES, symbol, StreamReader.empty(), out);
        }

        @Override
        public long sum(StreamReader<Integer> amounts) throws Closed {
            try {
                return caller.call(SUM, Nothing.NOTHING, amounts, StreamWriter.none());
            } catch (RpcException failure) {
                if (failure.getCause() instanceof Closed declared) {
                    throw declared;
                }
                throw failure;
            }
        }

        @Override
        public List<String> trade(StreamReader<String> orders, StreamWriter<List<String>> out) {
            return caller.call(TRADE, Nothing.NOTHING, orders, out);
        }
    }
}
