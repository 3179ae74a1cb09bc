package dev.weft.rpc.rdma.software;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the objects of a provider. */
final class Ledger {
    /** What is counted. */
    enum Kind {
        PROTECTION_DOMAIN,
        MEMORY_REGION,
        COMPLETION_QUEUE,
        COMPLETION_CHANNEL,
        QUEUE_PAIR,
        ID,
        EVENT_CHANNEL
    }

    /** Has all kinds from the beginning. */
    private final Map<Kind, AtomicInteger> open = new EnumMap<>(Kind.class);

    Ledger() {
        for (Kind kind : Kind.values()) {
            open.put(kind, new AtomicInteger());
        }
    }

    void made(Kind kind) {
        counter(kind).incrementAndGet();
    }

    void freed(Kind kind) {
        counter(kind).decrementAndGet();
    }

    private AtomicInteger counter(Kind kind) {
        return Objects.requireNonNull(open.get(kind));
    }

    OpenObjects read() {
        return new OpenObjects(
                of(Kind.PROTECTION_DOMAIN),
                of(Kind.MEMORY_REGION),
                of(Kind.COMPLETION_QUEUE),
                of(Kind.COMPLETION_CHANNEL),
                of(Kind.QUEUE_PAIR),
                of(Kind.ID),
                of(Kind.EVENT_CHANNEL));
    }

    private int of(Kind kind) {
        return counter(kind).get();
    }
}
