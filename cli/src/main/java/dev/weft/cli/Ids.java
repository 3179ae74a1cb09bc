package dev.weft.cli;

import dev.weft.client.User;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;

/** Users and groups on the command line, by their numbers. */
final class Ids {
    private Ids() {}

    static int parse(String number) {
        try {
            return Integer.parseUnsignedInt(number);
        } catch (NumberFormatException e) {
            throw new UsageException("'" + number + "' is not the number of a user or group");
        }
    }

    /** Empty if nothing is written. */
    static OptionalInt optional(String number) {
        return number.isEmpty() ? OptionalInt.empty() : OptionalInt.of(parse(number));
    }

    /** {@code 1000}, {@code 1000:100}, {@code 1000:100,7,8}. */
    static User user(String text) {
        String[] parts = text.split(":", 2);
        int id = parse(parts[0]);
        if (parts.length == 1) {
            return new User(id, id, List.of());
        }
        List<Integer> groups = Stream.of(parts[1].split(",")).map(Ids::parse).toList();
        return new User(id, groups.getFirst(), groups.subList(1, groups.size()));
    }

    /** For options. */
    static final class UserConverter implements ITypeConverter<User> {
        @Override
        public User convert(String value) {
            return user(value);
        }
    }
}
