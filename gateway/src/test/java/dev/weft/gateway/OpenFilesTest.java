package dev.weft.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.gateway.generated.Fault;
import dev.weft.gateway.generated.FaultKind;
import dev.weft.rpc.Environment;
import dev.weft.rpc.testkit.TestClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class OpenFilesTest {
    private final TestClock clock = new TestClock();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final OpenFiles files = new OpenFiles(new Environment(
            clock, Environment.system().random(), Environment.system().threads()));

    /** Keeps count instead of bytes. */
    private final class Counting implements Appending {
        private final String path;
        private long position;

        Counting(String path) {
            this.path = path;
            threads.add(Thread.currentThread());
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            threads.add(Thread.currentThread());
            if (path.equals("/broken")) {
                throw new IOException("broken");
            }
            position += bytes.remaining();
        }

        @Override
        public void close() {
            threads.add(Thread.currentThread());
            closed.add(path + " " + position);
            ended.countDown();
        }
    }

    private long open(String path) throws IOException, Fault {
        return files.add(path, Counting::new);
    }

    @AfterEach
    void close() {
        files.close();
    }

    private static FaultKind fault(Executable action) {
        return assertThrows(Fault.class, action).kind;
    }

    @Test
    void callsOnManyThreadsAreServedByTheOneThatOpened() throws Exception {
        long handle = open("/a");
        for (int i = 0; i < 10; i++) {
            int offset = i;
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    files.get(handle).write(offset, ByteBuffer.allocate(1));
                } catch (IOException | Fault e) {
                    closed.add(e.toString());
                }
            });
            caller.join();
        }
        files.remove(handle).close();
        assertEquals(List.of("/a 10"), closed);
        assertEquals(1, threads.size());
    }

    @Test
    void whatDoesNotBeginAtTheEndIsRefused() throws Exception {
        OpenFile file = files.get(open("/a"));
        file.write(0, ByteBuffer.allocate(10));
        assertEquals(FaultKind.INVALID, fault(() -> file.write(9, ByteBuffer.allocate(1))));
        file.write(10, ByteBuffer.allocate(1));
    }

    @Test
    void aFileThatNobodyWritesToIsClosed() throws Exception {
        long idle = open("/idle");
        files.get(idle).write(0, ByteBuffer.allocate(7));
        clock.advance(OpenFiles.IDLE_MAX.minusSeconds(60));
        long used = open("/used");
        clock.advance(Duration.ofSeconds(121));
        ended.await();
        assertEquals(List.of("/idle 7"), closed);
        assertEquals(FaultKind.NO_HANDLE, fault(() -> files.get(idle)));
        files.get(used).write(0, ByteBuffer.allocate(1));
    }

    @Test
    void noMoreThanSoManyAreOpen() throws Exception {
        long last = 0;
        for (int i = 0; i < OpenFiles.OPEN_MAX; i++) {
            last = open("/" + i);
        }
        assertEquals(FaultKind.TOO_MANY, fault(() -> open("/more")));
        files.remove(last).close();
        open("/more");
    }

    @Test
    void oneThatCannotBeOpenedDoesNotCount() throws Exception {
        for (int i = 0; i < 2 * OpenFiles.OPEN_MAX; i++) {
            assertThrows(
                    NoSuchFileException.class,
                    () -> files.add("/absent", path -> {
                        throw new NoSuchFileException(path);
                    }));
        }
        open("/there");
    }

    @Test
    void afterTheEndThereIsNoFile() throws Exception {
        long handle = open("/a");
        OpenFile file = files.get(handle);
        files.remove(handle).close();
        assertEquals(FaultKind.NO_HANDLE, fault(() -> file.write(0, ByteBuffer.allocate(1))));
        assertEquals(FaultKind.NO_HANDLE, fault(() -> files.remove(handle)));
    }

    @Test
    void aFailedWriteReachesItsCaller() throws Exception {
        OpenFile file = files.get(open("/broken"));
        IOException thrown = assertThrows(IOException.class, () -> file.write(0, ByteBuffer.allocate(1)));
        assertTrue(String.valueOf(thrown.getMessage()).contains("broken"));
    }

    @Test
    void theEndOfTheGatewayClosesAll() throws Exception {
        open("/a");
        open("/b");
        files.close();
        assertEquals(Set.of("/a 0", "/b 0"), Set.copyOf(closed));
    }
}
