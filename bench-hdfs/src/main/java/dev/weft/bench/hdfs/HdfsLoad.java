package dev.weft.bench.hdfs;

import dev.weft.bench.tree.PhaseResult;
import dev.weft.bench.tree.TreeLoad;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DFSConfigKeys;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * A process that is the NameNode, or its clients.
 *
 * <pre>
 * HdfsLoad server DIRECTORY PORT      prints "ready", and ends with its input
 * HdfsLoad clients PORT COUNT         answers each line "FOLDER DIRECTORIES FILES" with a line for each phase, and "done"
 * </pre>
 */
public final class HdfsLoad {
    private HdfsLoad() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        // What Hadoop prints by itself is not an answer.
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (arguments.length == 3 && arguments[0].equals("server")) {
            serve(arguments[1], Integer.parseInt(arguments[2]), in, out);
        } else if (arguments.length == 3 && arguments[0].equals("clients")) {
            load(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), in, out);
        } else {
            throw new IllegalArgumentException("server DIRECTORY PORT, or clients PORT COUNT");
        }
        System.exit(0);
    }

    private static void serve(String directory, int port, BufferedReader in, PrintStream out) throws IOException {
        Configuration configuration = new HdfsConfiguration();
        FileSystem.setDefaultUri(configuration, "hdfs://127.0.0.1:" + port);
        configuration.set(DFSConfigKeys.DFS_NAMENODE_NAME_DIR_KEY, "file://" + directory);
        configuration.set(DFSConfigKeys.DFS_NAMENODE_HTTP_ADDRESS_KEY, "127.0.0.1:0");
        // As many as there are clients at most. All else is as Hadoop has it: the edit log is synced.
        configuration.setInt(DFSConfigKeys.DFS_NAMENODE_HANDLER_COUNT_KEY, 64);
        NameNode.format(configuration);
        NameNode server = new NameNode(configuration);
        try {
            out.println("ready");
            while (in.readLine() != null) {
                // Only the end counts.
            }
        } finally {
            server.stop();
        }
    }

    private static void load(int port, int count, BufferedReader in, PrintStream out) throws Exception {
        Configuration configuration = new HdfsConfiguration();
        URI address = URI.create("hdfs://127.0.0.1:" + port);
        List<HdfsTree> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Clients of one user would share one connection.
            UserGroupInformation user = UserGroupInformation.createRemoteUser(
                    UserGroupInformation.getCurrentUser().getUserName() + "/c" + i);
            clients.add(new HdfsTree(user.doAs((java.security.PrivilegedExceptionAction<FileSystem>)
                    () -> FileSystem.newInstance(address, configuration))));
        }
        TreeLoad load = new TreeLoad(clients, Thread::new);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] fields = line.split(" ", -1);
            for (PhaseResult result : load.run(fields[0], Integer.parseInt(fields[1]), Integer.parseInt(fields[2]))) {
                out.println(result.line());
            }
            out.println("done");
        }
    }
}
