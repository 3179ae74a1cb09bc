package dev.weft.bench.rpc;

import org.HdrHistogram.Histogram;

/**
 * What one pair did in one round.
 *
 * @param cpuMicros processor time of both processes for each call
 * @param nanos latencies
 */
record Measurement(String peer, Scenario scenario, double callsPerSecond, double cpuMicros, Histogram nanos) {
    /** Payload that came back. */
    double megabytesPerSecond() {
        return callsPerSecond * scenario.payloadBytes() / 1e6;
    }

    double micros(double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e3;
    }
}
