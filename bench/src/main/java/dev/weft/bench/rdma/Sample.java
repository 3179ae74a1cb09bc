package dev.weft.bench.rdma;

/**
 * What one subject did in one round.
 *
 * @param perSecond operations; not a number if the subject does not say
 * @param cpuMicros processor time of both processes for each operation, without the kernel's own threads; not a number if
 *     the subject does not say
 * @param downcalls of the client into the libraries of verbs for each operation; likewise
 */
record Sample(
        Operation operation,
        String subject,
        double perSecond,
        double p50Micros,
        double p99Micros,
        double cpuMicros,
        double downcalls) {}
