package dev.weft.rpc.rdma;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What the transport has done, by which to see that it does what it should. Each grows for ever. Thread-safe. */
final class RdmaCounters {
    /** Chains of work requests posted: calls into the provider. */
    final LongAdder posts = new LongAdder();

    /** Work requests that reported their completion, of all kinds. */
    final LongAdder completions = new LongAdder();

    /** Times that a completion queue was looked at, and that it was armed: calls into the provider. */
    final LongAdder polls = new LongAdder();

    final LongAdder arms = new LongAdder();

    /** Times that a poller went to sleep. */
    final LongAdder sleeps = new LongAdder();

    /** Buffers of messages sent, and their bytes. */
    final LongAdder sends = new LongAdder();

    final LongAdder sendBytes = new LongAdder();

    /** Acknowledgements that travelled alone. */
    final LongAdder acknowledgements = new LongAdder();

    /** One-sided work requests posted, and their bytes. */
    final LongAdder reads = new LongAdder();

    final LongAdder readBytes = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder writeBytes = new LongAdder();

    /** Bytes that were copied through staging memory because they were not in registered memory. */
    final LongAdder stagedBytes = new LongAdder();

    /** Queue pairs made, failed, and made again for a connection that had lost one. */
    final LongAdder queuePairs = new LongAdder();

    final LongAdder queuePairFailures = new LongAdder();
    final LongAdder queuePairRebuilds = new LongAdder();

    /** One-sided work that was posted again after a failure. */
    final LongAdder replays = new LongAdder();

    /** Grants that were looked up at the peer, and that peers were asked to give back. */
    final LongAdder grantsOpened = new LongAdder();

    final LongAdder grantsRevoked = new LongAdder();

    /** Transfers that had to wait for a permit. */
    final LongAdder permitWaits = new LongAdder();

    /** Name and value of each; the names are documented at {@link RdmaTransportProvider}. */
    SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> values = new TreeMap<>();
        values.put("posts", posts.sum());
        values.put("completions", completions.sum());
        values.put("polls", polls.sum());
        values.put("arms", arms.sum());
        values.put("sleeps", sleeps.sum());
        values.put("sends", sends.sum());
        values.put("send-bytes", sendBytes.sum());
        values.put("acknowledgements", acknowledgements.sum());
        values.put("reads", reads.sum());
        values.put("read-bytes", readBytes.sum());
        values.put("writes", writes.sum());
        values.put("write-bytes", writeBytes.sum());
        values.put("staged-bytes", stagedBytes.sum());
        values.put("queue-pairs", queuePairs.sum());
        values.put("queue-pair-failures", queuePairFailures.sum());
        values.put("queue-pair-rebuilds", queuePairRebuilds.sum());
        values.put("replays", replays.sum());
        values.put("grants-opened", grantsOpened.sum());
        values.put("grants-revoked", grantsRevoked.sum());
        values.put("permit-waits", permitWaits.sum());
        return values;
    }
}
