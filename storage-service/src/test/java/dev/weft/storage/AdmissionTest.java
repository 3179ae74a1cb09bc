package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
    private static final int MIB = 1 << 20;

    private final Admission admission = new Admission();

    @Test
    void headsLeaveRoomForMiddlesAndThoseForTails() {
        assertEquals(96, fill(Admission.Place.HEAD).size());
        assertEquals(48, fill(Admission.Place.MIDDLE).size());
        assertEquals(48, fill(Admission.Place.TAIL).size());
    }

    @Test
    void roomThatIsLeftIsUsedAgain() {
        List<Admission.Held> held = fill(Admission.Place.HEAD);
        held.forEach(Admission.Held::close);
        assertEquals(96, fill(Admission.Place.HEAD).size());
    }

    private List<Admission.Held> fill(Admission.Place place) {
        List<Admission.Held> held = new ArrayList<>();
        RpcException refused = assertThrows(RpcException.class, () -> {
            while (true) {
                held.add(admission.enter(place, MIB));
            }
        });
        assertEquals(StatusCode.RESOURCE_EXHAUSTED, refused.code());
        return held;
    }
}
