package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.rpc.Buffer;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.testkit.MemoryRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Long transfers of all kinds between two simulated hosts, of which some give up: the others all have their turn. */
final class PermitsProperties {
    private static final int LIMIT = 64 << 10;
    private static final int BYTES_MAX = 3 * LIMIT;
    private static final String FINE = "";
    private static final RdmaConfig CONFIG =
            RdmaConfig.builder().permits(LIMIT, 4096).rails(2, 16 << 10).build();

    /** Who moves what: the permit comes from the host that the bytes come to. */
    enum Kind {
        CLIENT_READS,
        CLIENT_WRITES,
        SERVER_READS,
        SERVER_WRITES
    }

    /** @param patienceMillis 0 for one that does not give up */
    record Wish(Kind kind, int bytes, int patienceMillis) {}

    @Provide
    Arbitrary<List<Wish>> wishes() {
        Arbitrary<Integer> patience =
                Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(1, 20));
        return Combinators.combine(
                        Arbitraries.of(Kind.class), Arbitraries.integers().between(1, BYTES_MAX), patience)
                .as(Wish::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(24);
    }

    @Property(tries = 60)
    void everyoneIsServedAndNoPermitIsLost(@ForAll long seed, @ForAll("wishes") List<Wish> wishes) {
        TwoHosts.run(seed, CONFIG, hosts -> {
            hosts.faults().delay(Duration.ofNanos(10_000), Duration.ofNanos(300_000));
            List<String> ends = new ArrayList<>(); // one thread at a time runs in a simulation
            List<Thread> threads = new ArrayList<>();
            for (Wish wish : wishes) {
                threads.add(hosts.start(() -> ends.add(tryToMove(hosts, wish))));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(wishes.size(), ends.size());
            ends.removeIf(FINE::equals);
            assertEquals(List.of(), ends);
            // Nobody holds a permit now: what needs all of them has them at once.
            for (Kind kind : Kind.values()) {
                hosts.within(500, () -> move(hosts, new Wish(kind, BYTES_MAX, 0)));
            }
        });
    }

    private static String tryToMove(TwoHosts hosts, Wish wish) {
        boolean patient = wish.patienceMillis == 0;
        try {
            hosts.within(patient ? 20_000 : wish.patienceMillis, () -> move(hosts, wish));
            return FINE;
        } catch (RpcException e) {
            return e.code() == StatusCode.DEADLINE_EXCEEDED && !patient ? FINE : wish + ": " + e;
        }
    }

    private static void move(TwoHosts hosts, Wish wish) {
        try (Buffer local = hosts.clientBuffers.acquire(wish.bytes);
                Buffer remote = hosts.serverBuffers.acquire(wish.bytes)) {
            switch (wish.kind) {
                case CLIENT_READS -> hosts.peer().read(remote.remote(Access.READ), local.segment());
                case CLIENT_WRITES -> hosts.peer().write(local.segment(), remote.remote(Access.WRITE));
                case SERVER_READS -> hosts.service.readMemory(new MemoryRequest(local.remote(Access.READ)));
                case SERVER_WRITES -> hosts.service.writeMemory(new MemoryRequest(local.remote(Access.WRITE)));
            }
        }
    }
}
