package dev.weft.rpc.rdma.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutsTest {
    @TempDir
    private Path directory;

    @Test
    void haveEachFieldWhereTheHeadersHaveIt() throws Exception {
        assertEquals(ofTheHeaders(), ofOurs());
    }

    private Map<String, Integer> ofTheHeaders() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/usr/include/rdma/rdma_cma.h")),
                "skipped: the headers are not here; install libibverbs-dev and librdmacm-dev");
        Path source = directory.resolve("layouts.c");
        try (InputStream text = LayoutsTest.class.getResourceAsStream("layouts.c")) {
            assertNotNull(text);
            Files.copy(text, source);
        }
        Path program = directory.resolve("layouts");
        try {
            run("cc", "-o", program.toString(), source.toString());
        } catch (IOException e) {
            assumeTrue(false, "skipped: there is no C compiler cc here");
        }
        var values = new TreeMap<String, Integer>();
        for (String line : run(program.toString()).lines().toList()) {
            List<String> words = List.of(line.split(" ", -1));
            values.put(words.get(0), Integer.parseInt(words.get(1)));
        }
        return values;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    private static Map<String, Integer> ofOurs() throws IllegalAccessException {
        var values = new TreeMap<String, Integer>();
        for (Class<?> struct : Layouts.class.getDeclaredClasses()) {
            for (Field field : struct.getDeclaredFields()) {
                values.put(struct.getSimpleName() + "." + field.getName(), field.getInt(null));
            }
        }
        return values;
    }
}
