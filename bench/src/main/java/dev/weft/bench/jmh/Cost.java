package dev.weft.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What one operation costs, on average.
 *
 * @param nanos time
 * @param bytes allocated on the heap, by all threads of the JVM
 */
public record Cost(double nanos, double bytes) {
    /**
     * Measures a benchmark method on one thread of a JVM of its own.
     *
     * @param warmups slices of a second that do not count
     * @param slices that do
     * @param slice how long each of those is
     */
    @SuppressWarnings("rawtypes") // JMH's results are
    public static Cost measure(
            Class<?> benchmark, String operation, int warmups, int slices, TimeValue slice, String... jvmArguments)
            throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(benchmark.getName() + "." + operation + "$")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .warmupIterations(warmups)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(slices)
                        .measurementTime(slice)
                        .forks(1)
                        .threads(1)
                        .jvmArgsAppend(jvmArguments)
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        double bytes = result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(entry -> entry.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
        return new Cost(result.getPrimaryResult().getScore(), bytes);
    }
}
