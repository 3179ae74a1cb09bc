package dev.weft.serde.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Runs the processor on source text, as javac does. */
final class InMemoryCompiler {
    /**
     * What came of it.
     *
     * @param errors each as {@code line: message}
     * @param generated generated source by class name
     */
    record Outcome(List<String> errors, Map<String, String> generated) {}

    private record Source(String className, String text) {}

    private InMemoryCompiler() {}

    /** Processes one source file per argument; a file's first public type names it. */
    static Outcome process(Path scratch, String... sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<JavaFileObject> files = new ArrayList<>();
        for (String source : sources) {
            files.add(file(named(source)));
        }
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            List<String> options = List.of(
                    "-d", scratch.toString(), "-s", scratch.toString(), "-cp", System.getProperty("java.class.path"));
            JavaCompiler.CompilationTask task = compiler.getTask(null, manager, diagnostics, options, null, files);
            task.setProcessors(List.of(new WeftProcessor()));
            task.call();
            return new Outcome(errors(diagnostics), generated(scratch));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Source named(String text) {
        String packageName = text.replaceFirst("(?s).*?package ([\\w.]+);.*", "$1");
        String typeName = text.replaceFirst(
                "(?s).*?public (?:final |sealed |abstract )*(?:@?interface|record|enum|class) (\\w+).*", "$1");
        return new Source(packageName + "." + typeName, text);
    }

    private static JavaFileObject file(Source source) {
        URI name = URI.create("string:///" + source.className.replace('.', '/') + ".java");
        return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source.text;
            }
        };
    }

    private static List<String> errors(DiagnosticCollector<JavaFileObject> diagnostics) {
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.getLineNumber() + ": " + diagnostic.getMessage(Locale.ROOT))
                .toList();
    }

    private static Map<String, String> generated(Path scratch) throws IOException {
        Map<String, String> generated = new TreeMap<>();
        try (var paths = Files.walk(scratch)) {
            for (Path path :
                    paths.filter(each -> each.toString().endsWith(".java")).toList()) {
                generated.put(path.getFileName().toString().replace(".java", ""), Files.readString(path));
            }
        }
        return generated;
    }
}
