package dev.weft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Counts the starts of a node. */
final class Incarnation {
    private Incarnation() {}

    /** One more than the last time that it was asked in this folder. */
    static long next(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("incarnation");
        long last = 0;
        if (Files.exists(file)) {
            String text = Files.readString(file).strip();
            try {
                last = Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IOException(file + " holds '" + text + "', which is not a number", e);
            }
        }
        Path fresh = folder.resolve("incarnation.new");
        Files.writeString(fresh, Long.toString(last + 1));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return last + 1;
    }
}
