package dev.weft.bench.rpc;

/** What is asked of each peer. */
record Scenario(int payloadBytes, int inFlight) {
    @Override
    public String toString() {
        String size = payloadBytes >= 1 << 20
                ? (payloadBytes >> 20) + " MiB"
                : payloadBytes >= 1024 ? (payloadBytes >> 10) + " KiB" : payloadBytes + " B";
        return size + ", " + inFlight + " in flight";
    }
}
