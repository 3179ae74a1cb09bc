package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents speak of what is there. */
final class DocumentsTest {
    private static final Path ROOT = root();
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^\\s*```.*?^\\s*```");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\n]*\\]\\(([^)\\s]+)\\)");

    /** A class name of at least two words, alone in backticks or before a dot. */
    private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)(?=[`.(#<])");

    private static final Pattern DECLARATION =
            Pattern.compile("\\b(?:class|record|interface|enum|@interface)\\s+([A-Z]\\w*)");

    private static final List<String> JDK_PACKAGES = List.of(
            "java.lang",
            "java.lang.foreign",
            "java.io",
            "java.nio",
            "java.nio.channels",
            "java.nio.file",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks",
            "java.util.random");

    /** Placeholders, and classes of the JDK's previews and of RocksDB. */
    private static final Set<String> FOREIGN = Set.of(
            "FooCodec",
            "FooRpc",
            "FooTest",
            "FooProperties",
            "StructuredTaskScope",
            "OptimisticTransactionDB",
            "WriteBatch");

    @Test
    void everyRelativeLinkLeadsSomewhere() throws IOException {
        Set<String> broken = new TreeSet<>();
        int links = 0;
        for (Path document : files(ROOT, ".md")) {
            var matcher = LINK.matcher(prose(document));
            while (matcher.find()) {
                String target = matcher.group(1);
                if (!target.contains(":") && !target.startsWith("#")) {
                    links++;
                    String file = target.replaceFirst("#.*", "");
                    if (!Files.exists(directory(document).resolve(file))) {
                        broken.add(ROOT.relativize(document) + " links to " + target);
                    }
                }
            }
        }
        assertEquals(Set.of(), broken);
        assertTrue(links > 0, "no link was found at all");
    }

    @Test
    void everyNamedClassIsThere() throws IOException {
        Set<String> declared = declaredClasses();
        Set<String> missing = new TreeSet<>();
        int names = 0;
        List<Path> documents = Stream.concat(
                        files(ROOT.resolve("docs"), ".md").stream(), Stream.of(ROOT.resolve("ARCHITECTURE.md")))
                .toList();
        for (Path document : documents) {
            var matcher = CLASS_NAME.matcher(prose(document));
            while (matcher.find()) {
                names++;
                String name = matcher.group(1);
                String written = name.replaceFirst("(Rpc|Codec)$", ""); // what a generated class is generated from
                if (!declared.contains(name)
                        && !declared.contains(written)
                        && !FOREIGN.contains(name)
                        && !isOfTheJdk(name)) {
                    missing.add(ROOT.relativize(document) + " names " + name);
                }
            }
        }
        assertEquals(Set.of(), missing);
        assertTrue(names > 0, "no name was found at all");
    }

    /** Lines of code blocks that call {@code weft}. */
    private static final Pattern COMMAND = Pattern.compile("(?m)^(?:\\./)?weft (.+)$");

    @Test
    void everyCommandOfTheKeyValueStoreIsUnderstood() throws IOException {
        assertCommands("docs/operations/key-value-store.md");
    }

    @Test
    void everyCommandForTracingIsUnderstood() throws IOException {
        assertCommands("docs/operations/tracing.md");
    }

    private static void assertCommands(String document) throws IOException {
        var matcher = COMMAND.matcher(Files.readString(ROOT.resolve(document)));
        int commands = 0;
        while (matcher.find()) {
            commands++;
            // Throws for an option or a command that there is not.
            Weft.commandLine().parseArgs(matcher.group(1).split(" +", -1));
        }
        assertTrue(commands >= 10, commands + " commands were found");
    }

    private static boolean isOfTheJdk(String name) {
        return JDK_PACKAGES.stream().anyMatch(prefix -> {
            try {
                Class.forName(prefix + "." + name, false, DocumentsTest.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        });
    }

    private static Set<String> declaredClasses() throws IOException {
        Set<String> names = new HashSet<>();
        for (Path source : files(ROOT, ".java")) {
            var matcher = DECLARATION.matcher(Files.readString(source));
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    private static String prose(Path document) throws IOException {
        return CODE_BLOCK.matcher(Files.readString(document)).replaceAll("");
    }

    private static List<Path> files(Path below, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(path -> path.toString().endsWith(suffix))
                    .filter(path -> Stream.of("target", ".git")
                            .noneMatch(
                                    skipped -> ROOT.relativize(path).toString().contains(skipped + "/")))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Path directory(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    /** The directory of the whole project; a module's tests run in the module's. */
    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("ARCHITECTURE.md"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no ARCHITECTURE.md in or above " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }
}
