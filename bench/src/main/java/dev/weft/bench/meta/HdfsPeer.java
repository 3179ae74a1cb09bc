package dev.weft.bench.meta;

import dev.weft.bench.tree.Phase;
import dev.weft.bench.tree.PhaseResult;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** HDFS's NameNode in a process of its own, its clients in another, on the JDK that they need. */
final class HdfsPeer implements NamePeer {
    private final Process server;
    private final Process clients;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    /**
     * Starts both.
     *
     * @param java the command of a JDK that Hadoop runs on
     * @param built what the build of bench-hdfs has left
     */
    HdfsPeer(Path java, Path built, Path data, int count) throws IOException {
        String port = String.valueOf(freePort());
        this.server = start(java, built, "server", data.resolve("name").toString(), port);
        try {
            String ready = reader(server).readLine();
            if (!"ready".equals(ready)) {
                throw new IOException("the NameNode does not start; it said: " + ready);
            }
            this.clients = start(java, built, "clients", port, String.valueOf(count));
        } catch (IOException e) {
            server.destroyForcibly();
            throw e;
        }
        this.answers = reader(clients);
        this.questions = new BufferedWriter(new OutputStreamWriter(clients.getOutputStream(), StandardCharsets.UTF_8));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process start(Path java, Path built, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-Xmx2g",
                "-cp",
                built.resolve("classes") + ":" + built.resolve("lib/*"),
                "-Dhadoop.root.logger=ERROR,console",
                "dev.weft.bench.hdfs.HdfsLoad"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Override
    public String name() {
        return "hdfs";
    }

    @Override
    public List<PhaseResult> run(String folder, int directories, int files) throws IOException {
        questions.write(folder + " " + directories + " " + files + "\n");
        questions.flush();
        List<PhaseResult> results = new ArrayList<>();
        while (results.size() < Phase.values().length) {
            results.add(PhaseResult.parse(answer()));
        }
        if (!answer().equals("done")) {
            throw new IOException("the clients of HDFS do not say that they are done");
        }
        return results;
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the clients of HDFS have ended");
        }
        return line;
    }

    @Override
    public void close() {
        end(clients);
        end(server);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
