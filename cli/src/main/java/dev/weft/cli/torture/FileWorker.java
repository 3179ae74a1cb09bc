package dev.weft.cli.torture;

import dev.weft.api.meta.RemoveRequest;
import dev.weft.client.CreateOptions;
import dev.weft.client.FileWriter;
import dev.weft.client.WeftFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/** Writes, writes again, shortens and removes files of its own. */
final class FileWorker extends Worker {
    static final String FOLDER = "/torture";

    private static final int FILES = 4;
    private static final int LENGTH_MAX = 1 << 20;
    private static final int CHUNK_BYTES = 256 << 10;
    private static final int STRIPES = 4;
    private static final int DOUBTFUL_MAX = 10;

    private final int number;
    private final WeftFileSystem files;
    private final Ledger ledger;
    private final Blocks blocks;
    private final Optional<TrackedFile>[] own;
    private final Deque<TrackedFile> doubtful = new ArrayDeque<>();
    private int made;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    FileWorker(
            int number, long seed, ClusterView view, WeftFileSystem files, Ledger ledger, Blocks blocks, Tally tally) {
        super(number, seed, tally, ledger, view.environment().clock());
        this.number = number;
        this.files = files;
        this.ledger = ledger;
        this.blocks = blocks;
        this.own = new Optional[FILES];
        Arrays.fill(own, Optional.empty());
    }

    @Override
    boolean step() throws IOException {
        int slot = random.nextInt(FILES);
        TrackedFile file = own[slot].orElseGet(this::fresh);
        own[slot] = Optional.of(file);
        try {
            change(file);
            return true;
        } catch (IOException e) {
            own[slot] = Optional.empty();
            retire(file);
            throw e;
        }
    }

    private TrackedFile fresh() {
        int count = made++;
        long thing = ((number + 1L) << 32) + count;
        TrackedFile file = new TrackedFile(FOLDER + "/" + number + "-" + count, thing, blocks);
        ledger.files.add(file);
        return file;
    }

    private void change(TrackedFile file) throws IOException {
        TrackedFile.State before = file.timeline.latest();
        int dice = random.nextInt(100);
        if (dice < 80 || before.length() <= 0) {
            write(file, (int) fit(random.nextInt(LENGTH_MAX)));
        } else if (dice < 90) {
            long length = fit(random.nextLong(before.length()));
            change(file, new TrackedFile.State(length, before.generation()), () -> files.truncate(file.path, length));
        } else {
            change(file, TrackedFile.State.ABSENT, () -> files.remove(file.path, RemoveRequest.Kind.UNLINK));
        }
    }

    /** So that no block is cut so short that it does not say what it is. */
    private static long fit(long length) {
        long rest = length % Blocks.BYTES;
        return rest < Blocks.HEADER_BYTES ? length - rest : length;
    }

    private void write(TrackedFile file, int length) throws IOException {
        long generation = file.nextGeneration();
        byte[] bytes = file.bytes(0, length, generation);
        change(file, new TrackedFile.State(length, generation), () -> {
            CreateOptions options = new CreateOptions(false, 0644, CHUNK_BYTES, STRIPES);
            try (FileWriter writer = files.create(file.path, options)) {
                writer.write(ByteBuffer.wrap(bytes));
            }
        });
    }

    private interface Change {
        void make() throws IOException;
    }

    private static void change(TrackedFile file, TrackedFile.State after, Change change) throws IOException {
        file.timeline.begin(after);
        boolean acknowledged = false;
        try {
            change.make();
            acknowledged = true;
        } finally {
            if (acknowledged) {
                file.timeline.acknowledged();
            } else {
                file.timeline.inDoubt();
            }
        }
    }

    private void retire(TrackedFile file) {
        doubtful.addLast(file);
        if (doubtful.size() > DOUBTFUL_MAX) {
            TrackedFile oldest = doubtful.removeFirst();
            ledger.files.remove(oldest);
            try {
                files.remove(oldest.path, RemoveRequest.Kind.UNLINK);
            } catch (NoSuchFileException e) {
                // A removal that was in doubt had come about.
                trace(oldest, e);
            } catch (IOException e) {
                // Then it goes on taking up space.
                trace(oldest, e);
            }
        }
    }

    private static void trace(TrackedFile file, IOException e) {
        System.getLogger(FileWorker.class.getName())
                .log(System.Logger.Level.DEBUG, () -> "no removal of " + file.path, e);
    }
}
