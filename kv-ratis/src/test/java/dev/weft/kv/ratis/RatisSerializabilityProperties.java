package dev.weft.kv.ratis;

import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.testkit.SerializabilityContract;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

final class RatisSerializabilityProperties extends SerializabilityContract {
    private static @Nullable LocalPeers peers;
    private static Path folder = FileSystems.getDefault().getPath("");

    @Override
    protected KeyValueStore open(StoreLimits limits) throws IOException {
        LocalPeers present = peers;
        if (present == null) {
            folder = Files.createTempDirectory("weft-kv");
            present = new LocalPeers(folder, limits, 3);
            peers = present;
            present.startAll();
        }
        return present.emptyStore();
    }

    @Override
    protected int histories() {
        return 3;
    }

    @AfterContainer
    static void stopPeers() throws IOException {
        LocalPeers present = peers;
        if (present != null) {
            present.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
