package dev.weft.bench.stream;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * One process of a measurement: {@code server PEER} prints its port, and then for each line the bytes it has allocated;
 * {@code client PEER PORT} takes a line {@code bytes millis} at a time and answers {@code pieces nanos allocated}.
 */
public final class StreamSide {
    /** Long enough that beginnings and ends do not count. */
    private static final long STREAM_BYTES = 512L << 20;

    private static final int STREAM_PIECES_MAX = 500_000;

    private StreamSide() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        StreamPeer peer = StreamPeer.named(arguments[1]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (arguments[0].equals("server")) {
            System.out.println(peer.serve());
            while (in.readLine() != null) {
                System.out.println(allocatedBytes());
            }
        } else {
            StreamPeer.Client client = peer.connect(Integer.parseInt(arguments[2]));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(onVirtualThread(client, line));
            }
        }
        System.exit(0);
    }

    private static String onVirtualThread(StreamPeer.Client client, String line) throws InterruptedException {
        String[] answer = new String[1];
        Throwable[] failure = new Throwable[1];
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        answer[0] = measure(client, line);
                    } catch (Exception e) {
                        failure[0] = e;
                    }
                })
                .join();
        if (failure[0] != null) {
            throw new IllegalStateException("a stream failed", failure[0]);
        }
        return answer[0];
    }

    private static String measure(StreamPeer.Client client, String line) throws Exception {
        String[] words = line.split(" ", -1);
        int bytes = Integer.parseInt(words[0]);
        long begun = System.nanoTime();
        long until = begun + Long.parseLong(words[1]) * 1_000_000L;
        long allocatedBefore = allocatedBytes();
        int pieces = (int) Math.min(STREAM_PIECES_MAX, Math.max(1, STREAM_BYTES / Math.max(1, bytes)));
        long[] taken = {0};
        while (System.nanoTime() - until < 0) {
            client.take(pieces, bytes, count -> {
                if (count != bytes) {
                    throw new IllegalStateException("a piece of " + count + " bytes");
                }
                taken[0]++;
            });
        }
        return taken[0] + " " + (System.nanoTime() - begun) + " " + (allocatedBytes() - allocatedBefore);
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }
}
