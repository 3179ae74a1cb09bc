package dev.weft.rpc;

/**
 * How a connection treats calls, on either side.
 *
 * @param maxMessageBytes no message decompresses to more
 * @param maxCallsInFlight on one connection, in each direction
 * @param compressionBytes bodies of at least this size are compressed with zstd; {@link #NO_COMPRESSION} for none
 */
record CallConfig(int maxMessageBytes, int maxCallsInFlight, int compressionBytes, StreamConfig streams) {
    static final int NO_COMPRESSION = Integer.MAX_VALUE;
}
