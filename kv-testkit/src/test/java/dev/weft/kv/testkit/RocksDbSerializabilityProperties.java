package dev.weft.kv.testkit;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RocksDbKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.AfterTry;

final class RocksDbSerializabilityProperties extends SerializabilityContract {
    private final List<Path> folders = new ArrayList<>();

    @Override
    protected KeyValueStore open(StoreLimits limits) throws IOException {
        Path folder = Files.createTempDirectory("weft-kv");
        folders.add(folder);
        return RocksDbKeyValueStore.open(folder, limits, Environment.system());
    }

    @Override
    protected int histories() {
        return 10;
    }

    @AfterTry
    void deleteFolders() throws IOException {
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        folders.clear();
    }
}
