package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is committed is what the compiler writes. Skipped by name where there is no compiler. */
final class GeneratedCodeTest {
    @TempDir
    private Path directory;

    @Test
    void generatingAnewChangesNothing() throws Exception {
        ThriftTools.requireCompiler();
        ThriftTools.run(
                directory,
                "bash",
                Path.of("generate").toString(),
                "src/test/thrift/everything.thrift",
                directory.toString());
        Path generated = Path.of("dev/weft/rpc/thrift/generated");
        assertEquals(
                ThriftTools.sources(directory.resolve(generated)),
                ThriftTools.sources(Path.of("src/test/java").resolve(generated)));
    }
}
