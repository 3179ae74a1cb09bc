package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.routing.Routing;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class DivisionTest {
    private static final int WORK = 3000;

    private Routing routing = MetaFixture.withServers(Map.of(1, true, 2, true, 3, true));

    private Division of(int server) {
        return new Division(new Membership(server, () -> routing, Optional.empty()));
    }

    private int[] owners() {
        return LongStream.range(0, WORK)
                .mapToInt(work -> {
                    int[] owners = IntStream.rangeClosed(1, 3)
                            .filter(server -> of(server).isMine(work))
                            .toArray();
                    return owners.length == 1 ? owners[0] : -owners.length;
                })
                .toArray();
    }

    @Test
    void everyPieceBelongsToOneServerAndEachHasItsShare() {
        int[] owners = owners();
        for (int server = 1; server <= 3; server++) {
            int id = server;
            long share = IntStream.of(owners).filter(owner -> owner == id).count();
            assertTrue(share > WORK / 4 && share < WORK / 2, () -> "server " + id + " has " + share);
        }
    }

    @Test
    void theOthersTakeOverWhatADeadServerHadAndKeepTheirOwn() {
        int[] before = owners();
        routing = MetaFixture.withServers(Map.of(1, true, 2, false, 3, true));
        for (int work = 0; work < WORK; work++) {
            boolean first = of(1).isMine(work);
            assertEquals(!first, of(3).isMine(work));
            if (before[work] != 2) {
                assertEquals(before[work] == 1, first);
            }
        }
    }

    @Test
    void aServerThatNobodyKnowsDoesEverything() {
        assertTrue(LongStream.range(0, WORK).allMatch(work -> of(4).isMine(work)));
        assertTrue(LongStream.range(0, WORK).allMatch(new Division(Membership.alone())::isMine));
    }
}
