package dev.weft.api.cluster.member;

import dev.weft.api.cluster.ConfigSet;
import dev.weft.api.cluster.ConfigStatus;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The options of a process that the cluster manager may change while it runs.
 *
 * <pre>{@code
 * HotOptions options = new HotOptions().duration("heartbeat-interval", config.heartbeatInterval(), heartbeats::setInterval);
 * }</pre>
 *
 * <p>Each has a value of its own, which holds while the cluster's configuration does not name it. An option that is not
 * known, or a value that cannot be, is reported and changes nothing; the others are applied. Thread-safe.
 */
public final class HotOptions {
    private static final System.Logger LOG = System.getLogger(HotOptions.class.getName());
    private static final int ERROR_CHARS_MAX = 500;

    private record Option(String own, Consumer<String> apply) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Option> options = new TreeMap<>();
    private Map<String, String> applied = Map.of();
    private volatile ConfigStatus status = ConfigStatus.NONE;

    /** Without any option yet. */
    public HotOptions() {}

    /**
     * Adds an option.
     *
     * @param own its value without any configuration; taken for applied
     * @param apply takes a value, on the thread that brings the configuration; refuses it with
     *     {@link IllegalArgumentException}
     */
    public HotOptions text(String key, String own, Consumer<String> apply) {
        lock.lock();
        try {
            options.put(key, new Option(own, apply));
            return this;
        } finally {
            lock.unlock();
        }
    }

    /** Adds an option like {@code 250ms}, {@code 2s} or {@code 10m}, above zero. */
    public HotOptions duration(String key, Duration own, Consumer<Duration> apply) {
        return text(key, own.toMillis() + "ms", value -> apply.accept(toDuration(value)));
    }

    /** Adds a number from {@code min} to {@code max}. */
    public HotOptions number(String key, long own, long min, long max, LongConsumer apply) {
        return text(key, Long.toString(own), value -> apply.accept(toNumber(value, min, max)));
    }

    /** What was followed last. */
    public ConfigStatus status() {
        return status;
    }

    /** Follows a configuration. */
    public void accept(ConfigSet config) {
        lock.lock();
        try {
            List<String> errors = new ArrayList<>();
            Map<String, String> now = new TreeMap<>();
            config.options().keySet().stream()
                    .filter(key -> !options.containsKey(key))
                    .forEach(key -> errors.add(
                            "unknown option '" + key + "'; known are " + String.join(", ", options.keySet())));
            options.forEach((key, option) -> {
                String wanted = Optional.ofNullable(config.options().get(key)).orElse(option.own());
                String before = Optional.ofNullable(applied.get(key)).orElse(option.own());
                now.put(key, change(key, option, before, wanted, errors));
            });
            applied = now;
            String error = String.join("; ", errors);
            status = new ConfigStatus(
                    config.version(),
                    error.length() <= ERROR_CHARS_MAX ? error : error.substring(0, ERROR_CHARS_MAX) + "...");
        } finally {
            lock.unlock();
        }
    }

    /** Returns the value that holds afterwards. */
    private static String change(String key, Option option, String before, String wanted, List<String> errors) {
        if (wanted.equals(before)) {
            return before;
        }
        try {
            option.apply().accept(wanted);
            LOG.log(System.Logger.Level.INFO, () -> key + " is " + wanted + " now, was " + before);
            return wanted;
        } catch (IllegalArgumentException e) {
            errors.add(key + ": " + e.getMessage());
            return before;
        }
    }

    private static Duration toDuration(String text) {
        try {
            Duration value = text.endsWith("ms")
                    ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                    : Duration.parse("PT" + text);
            if (value.isPositive()) {
                return value;
            }
        } catch (DateTimeParseException | NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("'" + text + "' is not a duration like 250ms, 2s or 10m");
    }

    private static long toNumber(String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("'" + text + "' is not a number from " + min + " to " + max);
    }
}
