package t;

import dev.weft.rpc.ApplicationError;
import dev.weft.rpc.Caller;
import dev.weft.rpc.Method;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.ServiceDefinition;
import dev.weft.serde.Codecs;
import dev.weft.serde.Generated;
import dev.weft.serde.Nothing;
import java.util.List;

/** Defines the service {@link Clockwork}, and makes stubs of it. */
@Generated("t.Clockwork")
public final class ClockworkRpc {
    private static final ApplicationError<Broken, String> BROKEN = new ApplicationError<>(
            0xf627c29b5353ee01L,
            Broken.class,
            Codecs.STRING,
            Broken::detail,
            Broken::new);

    private static final Method<Clockwork, String, List<Integer>> READ = new Method<>(
            "t.Clockwork",
            "read",
            0x0ebca096595cd38aL,
            Codecs.STRING,
            Codecs.list(Codecs.INT),
            true,
            false,
            List.of(BROKEN),
            Clockwork::read);

    private static final Method<Clockwork, Integer, Nothing> WIND = new Method<>(
            "t.Clockwork",
            "wind",
            0x6c635eb4ad57cb9cL,
            Codecs.INT,
            Codecs.NOTHING,
            false,
            false,
            List.of(BROKEN),
            ClockworkRpc::wind);

    private static final Method<Clockwork, Nothing, Long> NOW = new Method<>(
            "t.Clockwork",
            "now",
            0x78f061651377039eL,
            Codecs.NOTHING,
            Codecs.LONG,
            false,
            false,
            List.of(),
            (service, request) -> service.now());

    private static final Method<Clockwork, Nothing, Nothing> TICK = new Method<>(
            "t.Clockwork",
            "tick",
            0x30027b10a851912cL,
            Codecs.NOTHING,
            Codecs.NOTHING,
            false,
            true,
            List.of(),
            ClockworkRpc::tick);

    public static final ServiceDefinition<Clockwork> SERVICE = new ServiceDefinition<>(
            Clockwork.class,
            "t.Clockwork",
            List.of(READ, WIND, NOW, TICK),
            Stub::new);

    private ClockworkRpc() {}

    private static Nothing wind(Clockwork service, Integer request) throws Exception {
        service.wind(request);
        return Nothing.NOTHING;
    }

    private static Nothing tick(Clockwork service, Nothing request) throws Exception {
        service.tick();
        return Nothing.NOTHING;
    }

    /** Makes every call through a caller. */
    private static final class Stub implements Clockwork {
        private final Caller caller;

        Stub(Caller caller) {
            this.caller = caller;
        }

        @Override
        public List<Integer> read(String name) throws Broken {
            try {
                return caller.call(READ, name);
            } catch (RpcException failure) {
                if (failure.getCause() instanceof Broken declared) {
                    throw declared;
                }
                throw failure;
            }
        }

        @Override
        public void wind(int turns) throws Broken {
            try {
                caller.call(WIND, turns);
            } catch (RpcException failure) {
                if (failure.getCause() instanceof Broken declared) {
                    throw declared;
                }
                throw failure;
            }
        }

        @Override
        public long now() {
            return caller.call(NOW, Nothing.NOTHING);
        }

        @Override
        public void tick() {
            caller.call(TICK, Nothing.NOTHING);
        }
    }
}
