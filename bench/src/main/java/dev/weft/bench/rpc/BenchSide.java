package dev.weft.bench.rpc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.HdrHistogram.Histogram;

/**
 * One process of a measurement: {@code server PEER} prints its port; {@code client PEER PORT} then takes a line {@code
 * payloadBytes inFlight warmupMillis measureMillis} at a time and answers with {@code calls histogram}. Ends with its input.
 */
public final class BenchSide {
    private BenchSide() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        EchoPeer peer = EchoPeer.named(arguments[1]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (arguments[0].equals("server")) {
            System.out.println(peer.serve());
            while (in.readLine() != null) {
                // Serves until the input ends.
            }
        } else {
            int port = Integer.parseInt(arguments[2]);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(measure(peer, port, line));
            }
        }
        System.exit(0);
    }

    private static String measure(EchoPeer peer, int port, String line) throws Exception {
        String[] words = line.split(" ", -1);
        int inFlight = Integer.parseInt(words[1]);
        try (EchoClient client = peer.connect(port, Integer.parseInt(words[0]), inFlight)) {
            Load load =
                    new Load(inFlight, Long.parseLong(words[2]) * 1_000_000L, Long.parseLong(words[3]) * 1_000_000L);
            client.run(load);
            Histogram result = load.result();
            return result.getTotalCount() + " " + encode(result);
        }
    }

    private static String encode(Histogram histogram) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(), length));
    }
}
