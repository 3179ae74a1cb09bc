package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is committed is what the compiler writes. Skipped by name where there is no compiler. */
final class GeneratedCodeTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "src/test/thrift/everything.thrift, src/test/java, dev/weft/rpc/thrift/generated",
        "../gateway/src/main/thrift/weftfs.thrift, ../gateway/src/main/java, dev/weft/gateway/generated"
    })
    void generatingAnewChangesNothing(String file, Path sources, Path generated) throws Exception {
        ThriftTools.requireCompiler();
        ThriftTools.run(directory, "bash", "generate", file, directory.toString());
        assertEquals(
                ThriftTools.sources(directory.resolve(generated)), ThriftTools.sources(sources.resolve(generated)));
    }
}
