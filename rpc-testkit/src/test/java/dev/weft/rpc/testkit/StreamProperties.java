package dev.weft.rpc.testkit;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What {@link StreamStorm} checks, under any interleaving of its threads and messages. */
final class StreamProperties {
    @Property(tries = 150)
    void streamsEndOnceWithinTheirBoundsAndLeaveNothing(@ForAll long seed) {
        StreamStorm.trace(seed, 0);
    }

    @Property(tries = 150)
    void streamsEndOnceAndLeaveNothingWhenConnectionsBreak(@ForAll long seed) {
        StreamStorm.trace(seed, 3000);
    }
}
