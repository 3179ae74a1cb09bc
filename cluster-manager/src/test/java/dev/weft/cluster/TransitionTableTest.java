package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.LocalState;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransitionTableTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # each state alone
            1:SERVING | UP_TO_DATE | 1:SERVING
            1:SERVING | ONLINE     | 1:SERVING
            1:SERVING | OFFLINE    | 1:LASTSRV
            1:LASTSRV | UP_TO_DATE | 1:SERVING
            1:LASTSRV | ONLINE     | 1:SERVING
            1:LASTSRV | OFFLINE    | 1:LASTSRV
            1:SYNCING | UP_TO_DATE | 1:SERVING
            1:SYNCING | ONLINE     | 1:WAITING
            1:SYNCING | OFFLINE    | 1:OFFLINE
            1:WAITING | UP_TO_DATE | 1:WAITING
            1:WAITING | ONLINE     | 1:WAITING
            1:WAITING | OFFLINE    | 1:OFFLINE
            1:OFFLINE | UP_TO_DATE | 1:WAITING
            1:OFFLINE | ONLINE     | 1:WAITING
            1:OFFLINE | OFFLINE    | 1:OFFLINE
            # behind one that serves
            1:SERVING 2:SERVING | ONLINE OFFLINE    | 1:SERVING 2:OFFLINE
            1:SERVING 2:SERVING | OFFLINE ONLINE    | 2:SERVING 1:OFFLINE
            1:SERVING 2:LASTSRV | ONLINE UP_TO_DATE | 1:SERVING 2:OFFLINE
            1:SERVING 2:LASTSRV | ONLINE OFFLINE    | 1:SERVING 2:OFFLINE
            1:SERVING 2:SYNCING | ONLINE UP_TO_DATE | 1:SERVING 2:SERVING
            1:SERVING 2:SYNCING | ONLINE ONLINE     | 1:SERVING 2:SYNCING
            1:SERVING 2:SYNCING | ONLINE OFFLINE    | 1:SERVING 2:OFFLINE
            1:SERVING 2:WAITING | ONLINE UP_TO_DATE | 1:SERVING 2:WAITING
            1:SERVING 2:WAITING | ONLINE ONLINE     | 1:SERVING 2:SYNCING
            1:SERVING 2:OFFLINE | ONLINE UP_TO_DATE | 1:SERVING 2:WAITING
            1:SERVING 2:OFFLINE | ONLINE ONLINE     | 1:SERVING 2:SYNCING
            1:SERVING 2:OFFLINE | ONLINE OFFLINE    | 1:SERVING 2:OFFLINE
            # one syncs at a time
            1:SERVING 2:SYNCING 3:WAITING | ONLINE ONLINE ONLINE     | 1:SERVING 2:SYNCING 3:WAITING
            1:SERVING 2:SYNCING 3:WAITING | ONLINE UP_TO_DATE ONLINE | 1:SERVING 2:SERVING 3:SYNCING
            1:SERVING 2:OFFLINE 3:OFFLINE | ONLINE ONLINE ONLINE     | 1:SERVING 2:SYNCING 3:WAITING
            1:SERVING 2:WAITING 3:OFFLINE | ONLINE OFFLINE ONLINE    | 1:SERVING 3:SYNCING 2:OFFLINE
            # those that fail go to the end, and those that served last are remembered
            1:SERVING 2:SERVING 3:SERVING | OFFLINE ONLINE ONLINE   | 2:SERVING 3:SERVING 1:OFFLINE
            1:SERVING 2:SERVING 3:SERVING | OFFLINE ONLINE OFFLINE  | 2:SERVING 1:OFFLINE 3:OFFLINE
            1:SERVING 2:SERVING 3:SERVING | OFFLINE OFFLINE OFFLINE | 1:LASTSRV 2:LASTSRV 3:LASTSRV
            2:SERVING 1:SYNCING           | ONLINE OFFLINE          | 2:LASTSRV 1:WAITING
            2:SERVING 1:SYNCING           | UP_TO_DATE OFFLINE      | 1:SERVING 2:OFFLINE
            # the chain goes on from the first that is back of those that served last
            1:LASTSRV 2:LASTSRV 3:LASTSRV | OFFLINE ONLINE OFFLINE | 2:SERVING 1:OFFLINE 3:OFFLINE
            1:LASTSRV 2:LASTSRV 3:OFFLINE | ONLINE ONLINE ONLINE   | 1:SERVING 3:SYNCING 2:OFFLINE
            # and waits for them, whoever else is back
            1:LASTSRV 2:LASTSRV 3:OFFLINE | OFFLINE OFFLINE ONLINE | 1:LASTSRV 2:LASTSRV 3:WAITING
            1:LASTSRV 2:OFFLINE 3:OFFLINE | OFFLINE ONLINE UP_TO_DATE | 1:LASTSRV 2:WAITING 3:WAITING
            1:LASTSRV 2:WAITING 3:WAITING | ONLINE ONLINE ONLINE      | 1:SERVING 2:SYNCING 3:WAITING
            """)
    void goesOnByTheTable(String before, String reported, String after) {
        Chain chain = Chains.chain(before);
        List<LocalState> states =
                Arrays.stream(reported.split(" ", -1)).map(LocalState::valueOf).toList();
        Chain next = TransitionTable.next(chain, Chains.reports(states));
        assertEquals(after, Chains.text(next));
        if (after.equals(before)) {
            assertSame(chain, next);
        } else {
            assertEquals(chain.version() + 1, next.version());
        }
    }
}
