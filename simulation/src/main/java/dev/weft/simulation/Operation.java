package dev.weft.simulation;

import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.UpdateReply;

/** What a client asks of one chunk, and gets as an answer. */
sealed interface Operation {
    @SuppressWarnings("ArrayRecordComponent") // made once, never compared
    record Write(int offset, byte[] bytes) implements Operation {
        @Override
        public String toString() {
            return "write " + bytes.length + " bytes at " + offset;
        }
    }

    record Truncate(int length) implements Operation {}

    record Remove() implements Operation {}

    record Read(int offset, int length) implements Operation {}

    /** What came back. */
    sealed interface Answer {
        record Changed(UpdateReply reply) implements Answer {}

        record Bytes(ReadResult result) implements Answer {
            @Override
            public String toString() {
                return result instanceof ReadResult.Found found
                        ? "version " + found.version() + ", " + found.length() + " of " + found.chunkLength() + " bytes"
                        : result.toString();
            }
        }
    }
}
