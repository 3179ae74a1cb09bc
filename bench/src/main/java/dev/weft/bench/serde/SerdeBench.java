package dev.weft.bench.serde;

import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Compares serde with protobuf-java and Thrift's compact protocol: {@code ./weft bench serde [rounds]}.
 *
 * <p>Every number comes from a JVM of its own, and the sides take turns within each round.
 */
public final class SerdeBench {
    private static final int ROUNDS_DEFAULT = 5;

    private SerdeBench() {}

    public static void main(String[] arguments) throws RunnerException, IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS_DEFAULT;
        SerdeRounds measured = SerdeRounds.run(rounds);
        System.out.println(measured.report());
        System.out.println("written to " + measured.save(Path.of("bench/results")));
    }
}
