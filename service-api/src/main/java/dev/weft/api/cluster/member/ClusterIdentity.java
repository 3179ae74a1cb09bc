package dev.weft.api.cluster.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicReference;

/** The name of the cluster that a node's data belong to, kept beside them. */
public interface ClusterIdentity {
    /** Empty for data that were never part of a cluster. */
    String clusterId();

    /** Keeps the name; called once, when the node first joins. */
    void learn(String clusterId) throws IOException;

    /** One that is forgotten with the process. */
    static ClusterIdentity inMemory() {
        AtomicReference<String> known = new AtomicReference<>("");
        return new ClusterIdentity() {
            @Override
            public String clusterId() {
                return known.get();
            }

            @Override
            public void learn(String clusterId) {
                known.set(clusterId);
            }
        };
    }

    /** One in the file {@code cluster-id} of a folder. */
    static ClusterIdentity inFolder(Path folder) throws IOException {
        Path file = folder.resolve("cluster-id");
        ClusterIdentity known = inMemory();
        if (Files.exists(file)) {
            known.learn(Files.readString(file).strip());
        }
        return new ClusterIdentity() {
            @Override
            public String clusterId() {
                return known.clusterId();
            }

            @Override
            public void learn(String clusterId) throws IOException {
                Files.createDirectories(folder);
                Path fresh = folder.resolve("cluster-id.new");
                Files.writeString(fresh, clusterId + "\n");
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                known.learn(clusterId);
            }
        };
    }
}
