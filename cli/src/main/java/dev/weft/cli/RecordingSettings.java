package dev.weft.cli;

import dev.weft.rpc.recorder.RecorderConfig;
import java.nio.file.Path;
import java.util.Map;

/**
 * How a server records its calls.
 *
 * @param fromStart whether it does so before it is told to
 * @param folder for the files; empty for {@code trace} in the server's own
 * @param limitBytes of the files
 */
record RecordingSettings(boolean fromStart, String folder, long limitBytes) {
    private static final long LIMIT_BYTES_MIN = 16 << 20;

    RecordingSettings {
        if (limitBytes < LIMIT_BYTES_MIN) {
            throw new UsageException(
                    "record-limit of " + Sizes.text(limitBytes) + " is below " + Sizes.text(LIMIT_BYTES_MIN));
        }
    }

    /** Of the keys {@code record}, {@code record-folder} and {@code record-limit}; off, and 1 GiB, without them. */
    static RecordingSettings of(Map<String, String> values) {
        String on = values.getOrDefault("record", "false");
        if (!on.equals("true") && !on.equals("false")) {
            throw new UsageException("record '" + on + "' is neither true nor false");
        }
        return new RecordingSettings(
                on.equals("true"),
                values.getOrDefault("record-folder", ""),
                Sizes.parse("record-limit", values.getOrDefault("record-limit", "1GiB")));
    }

    RecorderConfig config(Path data) {
        Path to = folder.isEmpty() ? data.resolve("trace") : Path.of(folder);
        return RecorderConfig.in(to).withLimitBytes(limitBytes);
    }

    void putValues(Map<String, String> values) {
        values.put("record", Boolean.toString(fromStart));
        values.put("record-folder", folder);
        values.put("record-limit", (limitBytes >> 20) + "MiB");
    }
}
