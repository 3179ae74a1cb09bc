package dev.weft.cli;

import dev.weft.kv.Bytes;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Keys of Weft's schemas, as people read them; {@code docs/protocol/meta-schema.md} draws these. */
final class KeyText {
    private static final int PREFIX = 2;
    private static final int ID = Long.BYTES;
    private static final int UUID = 2 * Long.BYTES;
    private static final int STAMP = 10;

    private static final Map<String, String> SINGLE = Map.ofEntries(
            Map.entry("MV", "schema version"),
            Map.entry("MN", "blocks of inode ids"),
            Map.entry("MC", "count of requests"),
            Map.entry("CI", "name of the cluster"),
            Map.entry("CV", "routing version"),
            Map.entry("CL", "lease of the primary"),
            Map.entry("CE", "term"),
            Map.entry("CP", "plan of moves"));

    private static final Map<String, String> WITH_ID = Map.ofEntries(
            Map.entry("MI", "inode"),
            Map.entry("MQ", "quota of directory"),
            Map.entry("ML", "locks on inode"),
            Map.entry("CN", "node"),
            Map.entry("CC", "chain"),
            Map.entry("CO", "wished order of chain"),
            Map.entry("CT", "chain table"));

    /** What one more byte after the id says. */
    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("MIt", "last change of a name in directory"),
            Map.entry("MId", "directories in directory"),
            Map.entry("MQi", "inodes that count against the quota of directory"),
            Map.entry("MQb", "bytes that count against the quota of directory"));

    private KeyText() {}

    /** From hexadecimal. */
    static Bytes parse(String hex) {
        try {
            return Bytes.wrap(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            throw new UsageException("'" + hex + "' is not hexadecimal; --text takes text");
        }
    }

    /** Empty for a key of no schema that is known here. */
    static Optional<String> of(Bytes key) {
        if (key.length() < PREFIX) {
            return Optional.empty();
        }
        String prefix = new String(new char[] {(char) key.at(0), (char) key.at(1)});
        Bytes rest = key.from(PREFIX);
        int length = rest.length();
        if (SINGLE.containsKey(prefix) && length == 0) {
            return Optional.ofNullable(SINGLE.get(prefix));
        }
        if (WITH_ID.containsKey(prefix) && length == ID) {
            return Optional.of(WITH_ID.get(prefix) + " " + rest.longAt(0));
        }
        if (length == ID + 1) {
            String part = PARTS.get(prefix + (char) rest.at(ID));
            if (part != null) {
                return Optional.of(part + " " + rest.longAt(0));
            }
        }
        return switch (prefix) {
            case "MD" -> length > ID ? Optional.of("entry of " + rest.longAt(0) + ": " + name(rest)) : Optional.empty();
            case "MX" ->
                length > ID
                        ? Optional.of("extended attribute of inode " + rest.longAt(0) + ": " + name(rest))
                        : Optional.empty();
            case "ME" -> length == UUID ? Optional.of("locks of client " + rest) : Optional.empty();
            case "MT" ->
                length == 2 * ID
                        ? Optional.of("in the trash until " + Instant.ofEpochMilli(rest.longAt(0)) + ": inode "
                                + rest.longAt(ID))
                        : Optional.empty();
            case "CS" -> length == UUID ? Optional.of("session of client " + rest) : Optional.empty();
            case "CG" -> length > 0 ? Optional.of("options of role " + rest.utf8()) : Optional.empty();
            case "MS" ->
                length == ID + UUID
                        ? Optional.of("session of inode " + rest.longAt(0) + ": " + rest.from(ID))
                        : Optional.empty();
            case "MR" -> length == UUID ? Optional.of("request " + rest) : Optional.empty();
            case "MA" ->
                length == STAMP + UUID
                        ? Optional.of("request " + rest.from(STAMP) + " of version " + rest.longAt(0))
                        : Optional.empty();
            case "MG" ->
                length == STAMP + ID
                        ? Optional.of("garbage inode " + rest.longAt(STAMP) + " of version " + rest.longAt(0))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String name(Bytes rest) {
        return Json.quote(rest.from(ID).utf8());
    }

    /** The number in a value that is one; empty for others. */
    static Optional<Long> number(Bytes key, Bytes value) {
        if (key.length() != PREFIX || value.length() != Long.BYTES) {
            return Optional.empty();
        }
        return switch (key.utf8()) {
            case "MV", "MN", "CV", "CE" -> Optional.of(value.longAt(0));
            case "MC" -> Optional.of(value.counter());
            default -> Optional.empty();
        };
    }
}
