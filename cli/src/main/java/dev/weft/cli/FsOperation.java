package dev.weft.cli;

import dev.weft.client.User;
import dev.weft.client.WeftFileSystem;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What commands on files have in common. */
@Command(mixinStandardHelpOptions = true)
abstract class FsOperation implements Callable<Integer> {
    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Option(names = "--json", description = "Prints JSON, one object in a line.")
    private boolean json;

    @Option(
            names = "--as",
            paramLabel = "UID[:GID[,GID...]]",
            converter = Ids.UserConverter.class,
            description = "On behalf of this user, by numbers; by default the one who runs this.")
    private User user = User.ofProcess();

    boolean json() {
        return json;
    }

    @Override
    public final Integer call() throws Exception {
        try (ClusterConnection connection = cluster.open()) {
            run(connection.fileSystem(user), connection);
            return 0;
        }
    }

    abstract void run(WeftFileSystem fs, ClusterConnection connection) throws Exception;

    /** Says what was done. */
    final void report(String text, Json object) {
        System.out.println(json ? object.toString() : text);
    }
}
