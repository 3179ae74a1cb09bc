package dev.weft.rpc.testkit;

import dev.weft.serde.Serde;

/**
 * What {@link StreamService} is to write.
 *
 * @param items how many
 * @param bytes in each
 * @param name for the events
 * @param ending what the handler does after that
 */
@Serde
public record StreamOrder(int items, int bytes, String name, Ending ending) {
    /** What a handler does in the end. */
    @Serde
    public enum Ending {
        RETURN,
        /** Throws what it declares. */
        REFUSE,
        /** Throws what it does not declare. */
        FAIL,
        /** Waits until it is interrupted. */
        WAIT
    }

    static StreamOrder of(int items, int bytes) {
        return new StreamOrder(items, bytes, "", Ending.RETURN);
    }

    static StreamOrder of(int items, Ending ending) {
        return new StreamOrder(items, 10, "order", ending);
    }
}
