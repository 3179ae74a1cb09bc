package dev.weft.rpc.rdma;

import dev.weft.rpc.rdma.verbs.QpSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/** A configuration as text: {@code traffic-class=96,gid-index=3,devices=mlx5_0+mlx5_1}. */
final class RdmaOptions {
    private final Map<String, String> given = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    private RdmaOptions(String text) {
        for (String option : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("RDMA option '" + option + "' is not of the form key=value");
            }
            given.put(
                    option.substring(0, equals).strip(),
                    option.substring(equals + 1).strip());
        }
    }

    /**
     * The default configuration but for what the text says.
     *
     * @throws IllegalArgumentException naming the key, if there is no such key or its value cannot be
     */
    static RdmaConfig parse(String text) {
        return new RdmaOptions(text).applyTo(RdmaConfig.defaults());
    }

    private RdmaConfig applyTo(RdmaConfig base) {
        QpSettings verbs = base.queuePairs();
        RdmaConfig config = new RdmaConfig(
                number("ring-buffers", base.ringBuffers()),
                number("buffer-bytes", base.bufferBytes()),
                number("requests-max", base.requestsMax()),
                number("requests-per-post", base.requestsPerPost()),
                number("stripe-bytes", base.stripeBytes()),
                number("rails-max", base.railsMax()),
                longNumber("permit-bytes", base.permitBytes()),
                number("permit-from-bytes", base.permitFromBytes()),
                longNumber("staging-bytes", base.stagingBytes()),
                millis("resume-timeout-ms", base.resumeTimeout()),
                millis("revoke-timeout-ms", base.revokeTimeout()),
                names("devices", base.devices()),
                new QpSettings(
                        number("traffic-class", verbs.trafficClass()),
                        optional("service-level", verbs.serviceLevel()),
                        optional("gid-index", verbs.gidIndex()),
                        optional("pkey-index", verbs.pkeyIndex()),
                        optional("mtu-bytes", verbs.mtuBytes()),
                        number("timeout-exponent", verbs.timeoutExponent()),
                        number("retry-count", verbs.retryCount()),
                        number("max-reads", verbs.maxReads())));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(
                    "no RDMA option " + given.keySet().iterator().next() + "; there are " + String.join(", ", known));
        }
        return config;
    }

    private String take(String key, String otherwise) {
        known.add(key);
        String value = given.remove(key);
        return value == null ? otherwise : value;
    }

    private long longNumber(String key, long otherwise) {
        String value = take(key, String.valueOf(otherwise));
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("RDMA option " + key + " of '" + value + "' is not a number", e);
        }
    }

    private int number(String key, int otherwise) {
        long value = longNumber(key, otherwise);
        if (value != (int) value) {
            throw new IllegalArgumentException("RDMA option " + key + " of " + value + " is too large");
        }
        return (int) value;
    }

    private OptionalInt optional(String key, OptionalInt otherwise) {
        known.add(key);
        return given.containsKey(key) ? OptionalInt.of(number(key, 0)) : otherwise;
    }

    private Duration millis(String key, Duration otherwise) {
        return Duration.ofMillis(longNumber(key, otherwise.toMillis()));
    }

    private List<String> names(String key, List<String> otherwise) {
        String value = take(key, String.join("+", otherwise));
        return value.isEmpty() ? List.of() : List.of(value.split("\\+", -1));
    }
}
