package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.RpcServer;
import dev.weft.rpc.thrift.generated.Calls;
import dev.weft.rpc.thrift.generated.Other;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Python's Thrift as a client. Skipped by name where Python has it not, or there is no compiler to make its stubs. */
final class PythonClientTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void pythonPassesTheMatrix(Encoding encoding) throws Exception {
        String python = ThriftTools.python();
        ThriftTools.requireCompiler();
        ThriftTools.run(
                directory, "thrift", "--gen", "py", "-out", directory.toString(), "src/test/thrift/everything.thrift");
        CallsHandler handler = new CallsHandler();
        try (RpcServer server = ThriftServices.builder()
                .service("Calls", Calls.Processor::new, handler)
                .service("Other", Other.Processor::new, new OtherHandler())
                .build()
                .addTo(RpcServer.builder())
                .listen("tcp://127.0.0.1:0")
                .start()) {
            String output = ThriftTools.run(
                    directory,
                    python,
                    "src/test/python/matrix.py",
                    directory.toString(),
                    "" + server.addresses().getFirst().port(),
                    encoding.name().toLowerCase(Locale.ROOT));
            assertTrue(output.endsWith(" checks\n"), output);
            long begun = System.nanoTime();
            while (handler.notes.size() < 3 && System.nanoTime() - begun < 30_000_000_000L) {
                Thread.onSpinWait();
            }
            assertEquals(List.of("first", "second", "last"), handler.notes);
        }
    }
}
