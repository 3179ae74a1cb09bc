package dev.weft.bench.rpc;

import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.recorder.FlightRecorder;
import dev.weft.rpc.recorder.RecorderConfig;
import dev.weft.rpc.recorder.RecorderStatus;
import dev.weft.rpc.spi.CallRecord;
import dev.weft.rpc.spi.CallRecorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;

/**
 * One process of {@link RecorderBench}: {@code server FOLDER} prints its port, {@code client FOLDER PORT} calls it. Both take a line
 * {@code on} or {@code off}, and answer with the numbers of calls recorded and dropped; the client also {@code run payloadBytes
 * inFlight warmupMillis measureMillis}, and answers with the number of calls. Ends with its input.
 */
public final class RecorderSide implements CallRecorder {
    private final FlightRecorder recorder;

    /** The recorder itself is on all the time: to open its files is no part of what a call costs. */
    private volatile boolean on;

    private RecorderSide(Path folder) throws IOException {
        recorder = new FlightRecorder(RecorderConfig.in(folder), Environment.system());
        recorder.start();
    }

    @Override
    public boolean isOn() {
        return on;
    }

    @Override
    public void record(CallRecord call) {
        recorder.record(call);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        RecorderSide side = new RecorderSide(Path.of(arguments[1]));
        if (arguments[0].equals("server")) {
            side.serve();
        } else {
            side.call(Integer.parseInt(arguments[2]));
        }
        System.exit(0);
    }

    private void serve() throws Exception {
        PayloadEcho echo = payload -> payload;
        RpcServer server = RpcServer.builder()
                .recorder(this)
                .bind(PayloadEchoRpc.SERVICE, echo)
                .listen("tcp://127.0.0.1:0")
                .start();
        System.out.println(server.addresses().getFirst().port());
        BufferedReader in = input();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(turn(line));
        }
    }

    private void call(int port) throws Exception {
        try (RpcClient client = RpcClient.builder().recorder(this).build()) {
            PayloadEcho echo = client.stub(PayloadEchoRpc.SERVICE, "tcp://127.0.0.1:" + port);
            BufferedReader in = input();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                System.out.println(words[0].equals("run") ? run(echo, words) : turn(line));
            }
        }
    }

    private static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    private String turn(String line) {
        on = line.equals("on");
        RecorderStatus status = recorder.status();
        return status.recorded() + " " + status.dropped();
    }

    private static long run(PayloadEcho echo, String[] words) throws Exception {
        int payloadBytes = Integer.parseInt(words[1]);
        int inFlight = Integer.parseInt(words[2]);
        Payload payload = new Payload(MemorySegment.ofArray(new byte[payloadBytes]));
        Load.BlockingCall call = () -> {
            if (echo.echo(payload).bytes().byteSize() != payloadBytes) {
                throw new IllegalStateException("not the payload");
            }
        };
        Load load = new Load(inFlight, Long.parseLong(words[3]) * 1_000_000L, Long.parseLong(words[4]) * 1_000_000L);
        load.blocking(Thread.ofVirtual().factory(), Collections.nCopies(inFlight, call));
        return load.result().getTotalCount();
    }
}
