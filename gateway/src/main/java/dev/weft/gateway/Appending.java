package dev.weft.gateway;

import dev.weft.client.FileWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What is done to a file that is being written, all on the thread that opened it. */
interface Appending extends Closeable {
    /** How many bytes were written. */
    long position();

    void write(ByteBuffer bytes) throws IOException;

    static Appending to(FileWriter writer) {
        return new Appending() {
            @Override
            public long position() {
                return writer.position();
            }

            @Override
            public void write(ByteBuffer bytes) throws IOException {
                writer.write(bytes);
            }

            @Override
            public void close() throws IOException {
                writer.close();
            }
        };
    }
}
