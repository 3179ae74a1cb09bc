package dev.weft.bench.meta;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Finds a JDK that Hadoop runs on: 17 to 23. Later ones lack what its user names need. */
final class OldJdk {
    private static final int FIRST = 17;
    private static final int LAST = 23;

    private OldJdk() {}

    /** Its {@code java}: of WEFT_OLD_JDK, or below /usr/lib/jvm. */
    static Optional<Path> java() throws IOException {
        List<Path> homes = new ArrayList<>();
        String given = System.getenv("WEFT_OLD_JDK");
        if (given != null) {
            homes.add(Path.of(given));
        }
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> folders = Files.list(installed)) {
                folders.sorted().forEach(homes::add);
            }
        }
        for (Path home : homes) {
            Path java = home.resolve("bin/java");
            if (Files.isExecutable(java) && isOld(home.resolve("release"))) {
                return Optional.of(java);
            }
        }
        return Optional.empty();
    }

    private static boolean isOld(Path release) throws IOException {
        if (!Files.isReadable(release)) {
            return false;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        String feature = version.replaceAll("\\..*", "");
        if (!feature.matches("\\d{2,3}")) {
            return false;
        }
        int number = Integer.parseInt(feature);
        return number >= FIRST && number <= LAST;
    }
}
