package dev.weft.kv.ratis;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A replica of the store and where the other ones reach it.
 *
 * @param id a short name: letters, digits and dashes
 * @param host name, or number
 */
public record RatisPeer(String id, String host, int port) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,32}");

    public RatisPeer {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("peer id '" + id + "' is not 1 to 32 letters, digits and dashes");
        }
        if (host.isBlank()) {
            throw new IllegalArgumentException("peer " + id + " has no host");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of peer " + id + " is not in 1..65535");
        }
    }

    /** From {@code id=host:port}. */
    public static RatisPeer parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("peer '" + text + "' is not written as id=host:port");
        }
        return of(text.substring(0, equals), text.substring(equals + 1));
    }

    /** From several, separated by commas. */
    public static List<RatisPeer> parseAll(String text) {
        return Arrays.stream(text.split(",", -1))
                .filter(item -> !item.isBlank())
                .map(item -> parse(item.strip()))
                .toList();
    }

    /** From its id and {@code host:port}. */
    public static RatisPeer of(String id, String address) {
        int colon = address.lastIndexOf(':');
        try {
            return new RatisPeer(
                    id, address.substring(0, Math.max(colon, 0)), Integer.parseInt(address.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("address '" + address + "' of peer " + id + " is not host:port", e);
        }
    }

    public String address() {
        return host + ":" + port;
    }

    @Override
    public String toString() {
        return id + "=" + address();
    }
}
