package dev.weft.rpc.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what a recorder wrote are refused, or read as far as they are whole. */
final class HostileFilesTest {
    private static final String NAME = "20261124-023848T.cq4";

    @TempDir
    Path folder = Path.of("");

    private byte[] recorded() throws IOException {
        Path from = folder.resolve("recorded");
        try (FlightRecorder recorder =
                new FlightRecorder(RecorderConfig.in(from).withSpareBytes(0), Environment.system())) {
            recorder.start();
            for (int i = 0; i < 100; i++) {
                recorder.record(Calls.client("peer " + i % 7, i, i));
            }
        }
        byte[] all = Files.readAllBytes(QueueFiles.files(from).getFirst());
        return Arrays.copyOf(all, 40_000); // what comes after is empty
    }

    private long read(byte[] file) throws IOException {
        Path broken = Files.createDirectories(folder.resolve("broken"));
        Files.write(broken.resolve(NAME), file);
        try (RecordingReader reader = new RecordingReader(broken)) {
            return reader.read(call -> {});
        }
    }

    private String refusal(byte[] file) {
        return String.valueOf(assertThrows(IOException.class, () -> read(file)).getMessage());
    }

    private static byte[] numbers(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(numbers).forEach(bytes::putInt);
        return bytes.array();
    }

    @Test
    void fileIsReadAsItWasWritten() throws IOException {
        assertEquals(100, read(recorded()));
    }

    @Test
    void excerptBeyondTheEndIsRefused() {
        String message = refusal(numbers(0x4000_0004, 0, 0x0000_1000, 1));
        assertTrue(message.contains("broken at 8: an excerpt of 4096 bytes passes the end"), message);
    }

    @Test
    void hugeExcerptIsRefused() {
        byte[] file = Arrays.copyOf(numbers(0x4000_0004, 0, 0x0010_0000), 2 << 20);
        String message = refusal(file);
        assertTrue(message.contains("an excerpt of 1048576 bytes exceeds"), message);
    }

    @Test
    void fileOfSomethingElseIsRefused() {
        byte[] text = "#!/bin/sh\necho this is not a file of a queue, though its name says so\n"
                .repeat(10)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(refusal(text).contains("broken at 0"), refusal(text));
        assertTrue(refusal(numbers(4, 0, 0)).contains("no file of a queue"), refusal(numbers(4, 0, 0)));
    }

    @Test
    void emptyFileHasNoCalls() throws IOException {
        assertEquals(0, read(new byte[0]));
        assertEquals(0, read(new byte[3]));
        assertEquals(0, read(new byte[1 << 16]));
    }

    @Test
    void folderThatIsNotThereIsNamed() {
        try (RecordingReader reader = new RecordingReader(folder.resolve("nowhere"))) {
            IOException e = assertThrows(IOException.class, () -> reader.read(call -> {}));
            assertTrue(String.valueOf(e.getMessage()).contains("nowhere"), e.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void fileWithBrokenBytesIsReadOrRefused() throws IOException {
        byte[] good = recorded();
        Random random = new Random(4);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            for (int k = 0; k <= i % 4; k++) {
                // The index comes first and is passed over.
                int at = 16_000 + random.nextInt(6_000);
                bad[at] = (byte) random.nextInt();
            }
            byte[] cut = i % 3 == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad;
            try {
                assertTrue(read(cut) <= 4_000, "calls out of nowhere");
            } catch (IOException expected) {
                assertTrue(String.valueOf(expected.getMessage()).contains("broken at"), expected.toString());
                refused++;
            }
        }
        assertTrue(refused > 100, refused + " were refused");
    }
}
