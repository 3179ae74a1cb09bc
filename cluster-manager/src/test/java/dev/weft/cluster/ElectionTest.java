package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;
import dev.weft.rpc.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ElectionTest {
    private static final Duration LENGTH = Duration.ofSeconds(10);

    private final Machine one = new Machine(1);
    private final Machine two = new Machine(2);
    private final KeyValueStore store = new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system());
    private final Election first = one.election(store, false);
    private final Election second = two.election(store, false);

    /** A manager's machine, with a clock of its own. */
    private static final class Machine {
        final TestClock clock = new TestClock();
        final Environment environment;
        final int number;

        Machine(int number) {
            this.number = number;
            environment = new Environment(
                    clock, new Random(number), Thread.ofVirtual().factory());
        }

        Election election(KeyValueStore store, boolean alone) {
            return new Election(
                    new ManagerSeat(number, List.of("tcp://m" + number + ":1"), alone), LENGTH, store, environment);
        }
    }

    @Test
    void theFirstToComeIsThePrimaryAndTheOtherKnowsIt() throws InterruptedException {
        first.round();
        second.round();
        assertTrue(first.isHeld());
        assertFalse(second.isHeld());
        assertEquals(1, second.seen().managerId());
        assertEquals(List.of("tcp://m1:1"), second.seen().addresses());
    }

    @Test
    void theHolderActsForThreeQuartersOfTheLengthFromWhenItBeganToRenew() throws InterruptedException {
        first.round();
        one.clock.advance(Duration.ofMillis(7499));
        assertTrue(first.isHeld());
        one.clock.advance(Duration.ofMillis(1));
        assertFalse(first.isHeld());
        first.round();
        assertTrue(first.isHeld(), "nobody has taken it");
        assertEquals(1, first.seen().term());
    }

    @Test
    void anotherTakesOverWhenItHasSeenTheLeaseUnchangedForTheWholeLengthByItsOwnClock() throws InterruptedException {
        first.round();
        two.clock.advance(Duration.ofHours(1));
        second.round();
        assertFalse(second.isHeld(), "it has only now seen it");
        two.clock.advance(Duration.ofMillis(9999));
        second.round();
        assertFalse(second.isHeld());
        two.clock.advance(Duration.ofMillis(1));
        second.round();
        assertTrue(second.isHeld());
        assertEquals(2, second.seen().term());
        first.round();
        assertFalse(first.isHeld());
        assertEquals(2, first.seen().managerId());
    }

    @Test
    void aHolderThatRenewsIsLeftAlone() throws InterruptedException {
        first.round();
        for (int i = 0; i < 20; i++) {
            second.round();
            two.clock.advance(Duration.ofSeconds(9));
            first.round();
        }
        assertFalse(second.isHeld());
    }

    @Test
    void whatIsGivenBackIsTakenAtOnce() throws InterruptedException {
        first.round();
        second.round();
        first.release();
        assertFalse(first.isHeld());
        second.round();
        assertTrue(second.isHeld());
        assertEquals(2, second.seen().term());
    }

    @Test
    void theStoreRefusesWritesOfAnEarlierTerm() throws InterruptedException {
        first.round();
        FencedStore fenced = new FencedStore(store, first.seen().term());
        Bytes key = Bytes.ofUtf8("x");
        fenced.run(tx -> {
            tx.put(key, Bytes.ofUtf8("1"));
            return true;
        });
        second.round();
        two.clock.advance(LENGTH);
        second.round();
        assertThrows(
                DeposedException.class,
                () -> fenced.run(tx -> {
                    tx.put(key, Bytes.ofUtf8("2"));
                    return true;
                }));
        try (var tx = store.begin()) {
            assertEquals("1", tx.get(key).orElseThrow().utf8());
        }
    }

    /** The hardest case: the write has been checked, and is committed only after the other has taken over. */
    @Test
    void aWriteThatIsUnderWayWhenAnotherTakesOverConflicts() throws InterruptedException {
        first.round();
        second.round();
        FencedStore fenced = new FencedStore(store, first.seen().term());
        two.clock.advance(LENGTH);
        int[] tries = {0};
        assertThrows(
                DeposedException.class,
                () -> fenced.run(tx -> {
                    tries[0]++;
                    tx.put(Bytes.ofUtf8("x"), Bytes.ofUtf8("2"));
                    takeOver();
                    return true;
                }));
        assertEquals(1, tries[0], "the second try does not get past the fence");
    }

    private void takeOver() {
        try {
            second.round();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneThatIsAloneDoesNotWaitForItselfAfterARestart() throws InterruptedException {
        one.election(store, true).round();
        Election again = one.election(store, true);
        again.round();
        assertTrue(again.isHeld());
        assertEquals(2, again.seen().term());
    }
}
