package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import dev.weft.rpc.testkit.EchoRequest;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A queue pair that fails is destroyed after the posts that are being made. A post writes into memory that a device shares
 * with its library: if that is gone, the process ends.
 */
final class BurialTest {
    private static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);
    private static final RdmaConfig ONE_RAIL =
            RdmaConfig.builder().rails(1, 64 << 10).build();

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "3,false", "1,true", "2,true", "3,true"})
    void queuePairOutlivesThePostThatIsBeingMade(long seed, boolean receives) {
        AtomicReference<WatchedVerbs> made = new AtomicReference<>();
        TwoHosts.run(
                seed,
                ONE_RAIL,
                verbs -> {
                    made.set(new WatchedVerbs(verbs));
                    return made.get();
                },
                hosts -> {
                    hosts.service.echo(new EchoRequest("connect", NO_BYTES));
                    WatchedVerbs verbs = made.get();
                    AtomicInteger slow = new AtomicInteger();
                    AtomicInteger late = new AtomicInteger();
                    verbs.beforePost((qp, ofReceives) -> {
                        if (ofReceives == receives && slow.getAndIncrement() == 0) {
                            failMeanwhile(hosts, qp);
                            late.addAndGet(qp.isOpen() ? 0 : 1);
                        }
                    });
                    hosts.within(30_000, () -> hosts.service.echo(new EchoRequest("over the next one", NO_BYTES)));
                    assertTrue(slow.get() > 0, "nothing was posted, so nothing was shown");
                    assertEquals(0, late.get(), "posted to a queue pair that was gone");
                });
    }

    /** Much later than a queue pair is buried. */
    private static void failMeanwhile(TwoHosts hosts, IbvQP qp) {
        hosts.faults().fail(qp, IbvWcStatus.IBV_WC_RETRY_EXC_ERR);
        try {
            hosts.sleep(2_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
