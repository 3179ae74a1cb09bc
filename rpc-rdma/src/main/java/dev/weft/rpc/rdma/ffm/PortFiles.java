package dev.weft.rpc.rdma.ffm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel shows of a port below {@code /sys/class/infiniband}, and nowhere else as readably. */
final class PortFiles {
    private final Path port;

    PortFiles(String device, int port) {
        this.port = Path.of("/sys/class/infiniband", device, "ports", String.valueOf(port));
    }

    /** Speed and width, such as {@code 100 Gb/sec (4X EDR)}; empty if it is not known. */
    String rate() {
        return file("rate");
    }

    /** The partition keys that are set, by growing index. */
    List<Integer> pkeys() {
        List<Integer> keys = new ArrayList<>();
        String text = file("pkeys/0");
        for (int index = 1; text.startsWith("0x"); index++) {
            int key = Integer.decode(text);
            if (key != 0) {
                keys.add(key);
            }
            text = file("pkeys/" + index);
        }
        return keys;
    }

    private String file(String name) {
        try {
            return Files.readString(port.resolve(name)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
