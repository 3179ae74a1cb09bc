package dev.weft.cli;

import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What is logged, and how: one line each on standard error. */
final class Logs {
    /** Strong references: the logging library forgets levels of loggers that nobody holds. */
    private static final Logger ROOT = Logger.getLogger("");

    /** Tells every vote and every file. */
    private static final Logger RATIS = Logger.getLogger("org.apache.ratis");

    /** Tells of every file that the flight recorder opens, and what it would rather run on. */
    private static final Logger CHRONICLE = Logger.getLogger("net.openhft");

    private Logs() {}

    /** Warnings only, as commands report by themselves. */
    static void configure() {
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tF %1$tT.%1$tL %4$-7s %3$s: %5$s%6$s%n");
        }
        ROOT.setLevel(Level.WARNING);
        RATIS.setLevel(Level.WARNING);
        CHRONICLE.setLevel(Level.SEVERE);
    }

    /** What servers say about themselves too. */
    static void verbose() {
        level("info");
    }

    /**
     * Says how much is logged from now on.
     *
     * @throws IllegalArgumentException if {@code name} is none of error, warning, info, debug
     */
    static void level(String name) {
        Level level = switch (name.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.SEVERE;
            case "warning" -> Level.WARNING;
            case "info" -> Level.INFO;
            case "debug" -> Level.FINE;
            default -> throw new IllegalArgumentException("'" + name + "' is none of error, warning, info, debug");
        };
        ROOT.setLevel(level);
        for (var handler : ROOT.getHandlers()) {
            if (handler instanceof ConsoleHandler) {
                handler.setLevel(level);
            }
        }
    }
}
