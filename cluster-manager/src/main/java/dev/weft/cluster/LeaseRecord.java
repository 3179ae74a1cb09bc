package dev.weft.cluster;

import dev.weft.serde.Serde;
import java.util.List;

/**
 * The lease of the primary as it is stored.
 *
 * @param term grows by one with each primary
 * @param managerId of the holder; zero once it has given the lease back
 * @param holder a number by chance that no other manager, and no other start of this one, has
 * @param addresses of the holder
 * @param beat grows with each renewal, so that others see that it lives
 */
@Serde
public record LeaseRecord(long term, int managerId, long holder, List<String> addresses, long beat) {
    static final LeaseRecord NONE = new LeaseRecord(0, 0, 0, List.of(), 0);

    boolean isFree() {
        return managerId == 0;
    }
}
