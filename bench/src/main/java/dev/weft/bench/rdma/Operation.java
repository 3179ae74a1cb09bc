package dev.weft.bench.rdma;

import java.util.List;

/**
 * What is done again and again.
 *
 * @param kind of it
 * @param bytes of a payload or piece
 * @param pieces of a batch, which is submitted and awaited as one
 * @param inFlight how many of them at a time
 */
record Operation(Kind kind, int bytes, int pieces, int inFlight) {
    /** A message there and back, or one-sided transfers. */
    enum Kind {
        ECHO,
        READ,
        WRITE
    }

    static final List<Operation> ALL = List.of(
            new Operation(Kind.ECHO, 16, 1, 1),
            new Operation(Kind.ECHO, 16, 1, 16),
            new Operation(Kind.ECHO, 4096, 1, 1),
            new Operation(Kind.ECHO, 1 << 20, 1, 1),
            new Operation(Kind.READ, 16, 1, 1),
            new Operation(Kind.READ, 4096, 1, 1),
            new Operation(Kind.READ, 4096, 32, 1),
            new Operation(Kind.READ, 1 << 20, 1, 1),
            new Operation(Kind.WRITE, 16, 1, 1),
            new Operation(Kind.WRITE, 4096, 1, 1),
            new Operation(Kind.WRITE, 4096, 32, 1),
            new Operation(Kind.WRITE, 1 << 20, 1, 1));

    /** Memory of the peer that all pieces are in; twice their size, so that they do not touch. */
    static final int MEMORY_BYTES = 2 << 20;

    /** As one word of a line. */
    String encode() {
        return kind + "," + bytes + "," + pieces + "," + inFlight;
    }

    static Operation decode(String word) {
        String[] parts = word.split(",", -1);
        return new Operation(
                Kind.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }

    /** Where in the memory a piece is. */
    long offset(int piece) {
        return 2L * piece * bytes;
    }

    @Override
    public String toString() {
        String size = bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : bytes >= 1024 ? (bytes >> 10) + " KiB" : bytes + " B";
        String what = kind == Kind.ECHO ? "echo" : kind == Kind.READ ? "read" : "write";
        return what + " " + (pieces > 1 ? pieces + " x " : "") + size
                + (inFlight > 1 ? ", " + inFlight + " at a time" : "");
    }
}
