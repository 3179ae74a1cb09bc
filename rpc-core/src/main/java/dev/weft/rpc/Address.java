package dev.weft.rpc;

import org.jspecify.annotations.Nullable;

/**
 * Where a server listens: {@code tcp://host:port}, {@code tcp://[::1]:port}, {@code unix:/path}, {@code mem://name}.
 *
 * @param scheme names the transport
 * @param host host name, IP address without brackets, path or name, as the transport has it
 * @param port 0 where the transport has none, or to have one chosen
 */
public record Address(String scheme, String host, int port) {
    public Address {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if the text is not an address; says what is wrong
     */
    public static Address parse(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("address '" + text + "' has no scheme; write tcp://host:port");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("address '" + text + "' has a control character");
        }
        String scheme = text.substring(0, colon);
        if (scheme.equals("unix")) {
            String path = text.substring(colon + 1);
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("address '" + text + "' has no absolute path; write unix:/path");
            }
            return new Address(scheme, path.startsWith("///") ? path.substring(2) : path, 0);
        }
        if (!text.startsWith("://", colon)) {
            throw new IllegalArgumentException("address '" + text + "' lacks '//'; write " + scheme + "://host:port");
        }
        return parseAuthority(text, scheme, text.substring(colon + 3));
    }

    private static Address parseAuthority(String text, String scheme, String authority) {
        if (scheme.equals("mem")) {
            if (authority.isEmpty()) {
                throw new IllegalArgumentException("address '" + text + "' has no name; write mem://name");
            }
            return new Address(scheme, authority, 0);
        }
        String host;
        String port;
        if (authority.startsWith("[")) {
            int end = authority.indexOf("]:");
            if (end < 0) {
                throw new IllegalArgumentException("address '" + text + "' lacks ']:port'");
            }
            host = authority.substring(1, end);
            port = authority.substring(end + 2);
        } else {
            int separator = authority.lastIndexOf(':');
            if (separator < 0 || authority.indexOf(':') != separator) {
                throw new IllegalArgumentException(
                        "address '" + text + "' lacks a port, or brackets around an IPv6 address");
            }
            host = authority.substring(0, separator);
            port = authority.substring(separator + 1);
        }
        Integer number = parsePort(port);
        if (number == null || host.isEmpty()) {
            throw new IllegalArgumentException("address '" + text + "' lacks a host, or a port in 0..65535");
        }
        return new Address(scheme, host, number);
    }

    private static @Nullable Integer parsePort(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        int port = Integer.parseInt(text);
        return port <= 65535 ? port : null;
    }

    @Override
    public String toString() {
        return switch (scheme) {
            case "unix" -> "unix:" + host;
            case "mem" -> "mem://" + host;
            default -> scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        };
    }
}
