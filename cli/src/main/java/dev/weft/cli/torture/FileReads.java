package dev.weft.cli.torture;

import dev.weft.client.FileReader;
import dev.weft.client.ReplicaChoice;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.Clock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads whole files. */
final class FileReads extends Worker {
    private final WeftFileSystem files;
    private final Ledger ledger;

    FileReads(int number, long seed, WeftFileSystem files, Ledger ledger, Tally tally, Clock clock) {
        super(number, seed, tally, ledger, clock);
        this.files = files;
        this.ledger = ledger;
    }

    @Override
    boolean step() throws IOException, WrongBytesException {
        Optional<TrackedFile> file = ledger.files.any(random);
        if (file.isEmpty()) {
            return false;
        }
        read(files, file.get(), new ReplicaChoice.Any());
        return true;
    }

    static void read(WeftFileSystem files, TrackedFile file, ReplicaChoice choice)
            throws IOException, WrongBytesException {
        try (var read = file.timeline.read()) {
            file.judge(read, seen(files, file, choice));
        }
    }

    private static TrackedFile.Seen seen(WeftFileSystem files, TrackedFile file, ReplicaChoice choice)
            throws IOException, WrongBytesException {
        FileReader reader;
        try {
            reader = files.open(file.path, choice);
        } catch (NoSuchFileException e) {
            return TrackedFile.Seen.ABSENT;
        }
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) reader.length()]);
        reader.read(0, bytes);
        List<Blocks.Block> blocks = new ArrayList<>();
        for (long at = 0; at < bytes.byteSize(); at += Blocks.BYTES) {
            MemorySegment block = bytes.asSlice(at, Math.min(Blocks.BYTES, bytes.byteSize() - at));
            blocks.add(file.blocks().look(block, file.thing(), (int) (at / Blocks.BYTES)));
        }
        return new TrackedFile.Seen(reader.length(), blocks);
    }
}
