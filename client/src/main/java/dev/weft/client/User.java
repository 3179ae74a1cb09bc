package dev.weft.client;

import dev.weft.api.meta.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * On whose behalf a client asks: ids as the system has them. User 0 may do everything.
 *
 * @param group that new files get
 * @param groups further groups
 */
public record User(int id, int group, List<Integer> groups) {
    public static final User ROOT = new User(0, 0, List.of());

    /** Who nobody in particular is, on every Linux. */
    private static final User NOBODY = new User(65_534, 65_534, List.of());

    private static final Path STATUS = Path.of("/proc/self/status");

    public User {
        groups = List.copyOf(groups);
    }

    /** The user that this process runs as; on a system that does not say so as Linux does, nobody. */
    public static User ofProcess() {
        try {
            return parse(Files.readAllLines(STATUS));
        } catch (IOException | NumberFormatException e) {
            return NOBODY;
        }
    }

    /** Reads the effective ids of a process from its lines in {@code /proc}. */
    static User parse(List<String> status) {
        List<Integer> users = numbers(status, "Uid:");
        List<Integer> groups = numbers(status, "Gid:");
        if (users.size() < 2 || groups.size() < 2) {
            return NOBODY;
        }
        return new User(users.get(1), groups.get(1), numbers(status, "Groups:"));
    }

    private static List<Integer> numbers(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .flatMap(line -> Stream.of(line.substring(key.length()).trim().split("\\s+")))
                .filter(number -> !number.isEmpty())
                .map(Integer::parseUnsignedInt)
                .toList();
    }

    Credentials of(UUID client) {
        return new Credentials(client, id, group, groups);
    }
}
