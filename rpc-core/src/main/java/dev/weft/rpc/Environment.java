package dev.weft.rpc;

import java.security.SecureRandom;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * Time, chance and threads, as given to every part of Weft that needs them: the machine's in production, seeded and
 * virtual under simulation.
 *
 * @param random thread-safe; unpredictable in production, since keys of remote memory come from it
 * @param threads makes the virtual threads that run handlers, scopes and background work; unstarted
 */
public record Environment(Clock clock, RandomGenerator random, ThreadFactory threads) {
    /** The machine's own clock, chance and virtual threads. */
    public static Environment system() {
        return OfThisMachine.ENVIRONMENT;
    }

    private static final class OfThisMachine {
        static final Environment ENVIRONMENT = new Environment(
                Clock.system(),
                new SecureRandom(),
                Thread.ofVirtual().name("weft-", 0).factory());
    }
}
