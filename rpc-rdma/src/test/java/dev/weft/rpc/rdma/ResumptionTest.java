package dev.weft.rpc.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link ResumptionProperties} rarely comes by. */
final class ResumptionTest {
    private final List<byte[]> again = new ArrayList<>();
    private final Resumption resumption = new Resumption(again::addAll, frame -> {});

    @SuppressWarnings("NullAway") // a rail is only a name here
    private static Rail rail(int index) {
        return new Rail(null, index);
    }

    private static RailRemains remains(Rail rail, int epoch) {
        return new RailRemains(rail, epoch, 0, 0, List.of(new byte[] {(byte) epoch}));
    }

    /** It keeps no more than a few that it can do nothing with yet; those must not be news that nobody waits for. */
    @Test
    void newsThatComesTooLateTakesNoRoomFromNewsThatComesTooEarly() throws BadFrameException {
        List<RailRemains> all = new ArrayList<>();
        for (int index = 0; index < Rail.RAILS_MAX; index++) {
            Rail rail = rail(index);
            for (int epoch = 0; epoch < 3; epoch++) {
                RailRemains remains = remains(rail, epoch);
                all.add(remains);
                resumption.buried(remains);
                resumption.joined(rail, epoch, 1);
            }
        }
        for (RailRemains remains : all) {
            resumption.peerEnded(remains.rail(), remains.epoch(), 1);
        }
        assertEquals(0, again.size());
        Rail rail = all.getFirst().rail();
        resumption.peerEnded(rail, 3, 0);
        resumption.buried(remains(rail, 3));
        assertEquals(1, again.size(), "sent again as soon as it is known that it did not arrive");
    }
}
