package dev.weft.rpc.recorder;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Names of a queue's files: {@code 20261124-023848T.cq4}, in UTC. Their order is that of time. */
final class FileNames {
    private static final Pattern NAME = Pattern.compile("[0-9]{8}-[0-9]{6}T\\.cq4");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

    private FileNames() {}

    static boolean isOfQueue(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName())).matches();
    }

    /** When the file was begun, by its name. */
    static Instant time(Path file) {
        String name = String.valueOf(file.getFileName());
        return LocalDateTime.parse(name.substring(0, name.length() - "T.cq4".length()), TIME)
                .toInstant(ZoneOffset.UTC);
    }
}
