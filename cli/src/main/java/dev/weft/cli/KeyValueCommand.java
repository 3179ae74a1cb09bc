package dev.weft.cli;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreBackup;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StorePeer;
import dev.weft.kv.Transaction;
import dev.weft.kv.ratis.RatisPeer;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks after the key-value store that servers of role kv hold. */
@Command(
        name = "kv",
        description = "Looks at a key-value store that servers of role kv hold, copies it, and changes its peers.",
        subcommands = {
            StoreStatusCommand.class,
            KeyValueCommand.Get.class,
            KeyValueCommand.Scan.class,
            KeyValueCommand.Dump.class,
            KeyValueCommand.Restore.class,
            KeyValueCommand.PeerChanges.class
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the operation failed",
            "2:the command line is wrong",
            "3:there is no such key or file",
            "4:no server of the store answers"
        })
final class KeyValueCommand {
    private KeyValueCommand() {}

    /** What all of them have. */
    abstract static class Operation implements Callable<Integer> {
        @Mixin
        StoreOption store = new StoreOption();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        abstract int run(RpcClient client) throws IOException, InterruptedException;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (RpcClient client = Clients.create()) {
                return run(client);
            } catch (RpcException e) {
                // Nobody is there, or nobody leads: said by the code with which a transaction begins.
                switch (e.code()) {
                    case UNAVAILABLE, FAILED_PRECONDITION, DEADLINE_EXCEEDED -> throw store.unanswered(e);
                    default -> throw e;
                }
            }
        }

        void print(String text, String asJson) {
            System.out.print(json ? asJson + "\n" : text);
        }

        boolean isJson() {
            return json;
        }
    }

    @Command(name = "get", description = "Shows the value of one key.", mixinStandardHelpOptions = true)
    static final class Get extends Operation {
        @Parameters(paramLabel = "KEY", description = "The key, in hexadecimal.")
        private String key = "";

        @Option(names = "--text", description = "The key is text, not hexadecimal.")
        private boolean text;

        @Override
        int run(RpcClient client) throws NoSuchFileException {
            Bytes wanted = text ? Bytes.ofUtf8(key) : KeyText.parse(key);
            try (KeyValueStore opened = store.open(client);
                    Transaction transaction = opened.begin()) {
                Optional<Bytes> value = transaction.snapshotGet(wanted);
                if (value.isEmpty()) {
                    throw new NoSuchFileException("key " + wanted);
                }
                KeyValue entry = new KeyValue(wanted, value.get());
                print(line(entry, Integer.MAX_VALUE), object(entry));
            }
            return 0;
        }
    }

    @Command(
            name = "scan",
            description = "Shows keys in their order, with the beginnings of their values.",
            mixinStandardHelpOptions = true)
    static final class Scan extends Operation {
        private static final int PAGE = 500;

        @Parameters(
                paramLabel = "PREFIX",
                arity = "0..1",
                description = "Only keys that begin with this, in hexadecimal.")
        private String prefix = "";

        @Option(names = "--text", description = "The prefix is text, not hexadecimal.")
        private boolean text;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "Keys at most (1000).")
        private int limit = 1000;

        @Option(names = "--width", paramLabel = "N", defaultValue = "32", description = "Bytes of each value (32).")
        private int width = 32;

        @Override
        int run(RpcClient client) {
            if (limit < 1 || width < 0) {
                throw new UsageException("limit " + limit + " must be at least 1, and width " + width + " at least 0");
            }
            Bytes begin = text ? Bytes.ofUtf8(prefix) : KeyText.parse(prefix);
            KeyRange rest = begin.length() == 0
                    ? new KeyRange(Bytes.EMPTY, Bytes.wrap(new byte[] {(byte) 0xff}))
                    : KeyRange.prefix(begin);
            List<String> objects = new ArrayList<>();
            try (KeyValueStore opened = store.open(client);
                    Transaction transaction = opened.begin()) {
                int left = limit;
                List<KeyValue> page = transaction.snapshotRange(rest, Math.min(left, PAGE));
                while (!page.isEmpty()) {
                    for (KeyValue entry : page) {
                        if (isJson()) {
                            objects.add(object(entry));
                        } else {
                            System.out.print(line(entry, width));
                        }
                    }
                    left -= page.size();
                    rest = rest.after(page.getLast().key());
                    page = left == 0 ? List.of() : transaction.snapshotRange(rest, Math.min(left, PAGE));
                }
            }
            print("", Json.list(objects));
            return 0;
        }
    }

    private static String line(KeyValue entry, int width) {
        Bytes value = entry.value();
        String shown = value.length() <= width
                ? value.toString()
                : value.toString().substring(0, 2 * width) + "... (" + value.length() + " bytes)";
        String number = KeyText.number(entry.key(), value).map(n -> "  = " + n).orElse("");
        String known = KeyText.of(entry.key()).map(text -> "  " + text).orElse("");
        return entry.key() + known + "  " + shown + number + "\n";
    }

    private static String object(KeyValue entry) {
        Json json = new Json().put("key", entry.key().toString());
        KeyText.of(entry.key()).ifPresent(text -> json.put("means", text));
        json.put("value", entry.value().toString());
        KeyText.number(entry.key(), entry.value()).ifPresent(number -> json.put("number", number));
        return json.toString();
    }

    @Command(
            name = "dump",
            description = {
                "Writes the whole store to a new file, as it is at one version, while others go on using it.",
                "If the leader of a replicated store changes meanwhile, this fails and leaves no file: run it again."
            },
            mixinStandardHelpOptions = true)
    static final class Dump extends Operation {
        @Parameters(paramLabel = "FILE", description = "The file to write; it must not exist.")
        private Path file = Path.of("");

        @Override
        int run(RpcClient client) throws IOException {
            try (KeyValueStore opened = store.open(client);
                    Progress progress =
                            Progress.of("dumping", 0, Environment.system().clock())) {
                show(this, "dumped", StoreBackup.dump(opened, file, progress::add));
            }
            return 0;
        }
    }

    @Command(
            name = "restore",
            description = {
                "Fills a store from a file that 'weft kv dump' has written, which is verified first.",
                "Stop everything that uses the store before. If this is cut off, run it again with --replace."
            },
            mixinStandardHelpOptions = true)
    static final class Restore extends Operation {
        @Parameters(paramLabel = "FILE", description = "A file of 'weft kv dump'.")
        private Path file = Path.of("");

        @Option(
                names = "--replace",
                description = "Removes everything from the store first; without this one that is not empty is refused.")
        private boolean replace;

        @Override
        int run(RpcClient client) throws IOException, InterruptedException {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file.toString());
            }
            StoreLimits limits = StoreLimits.defaults();
            long bytes = StoreBackup.verify(file, limits).bytes();
            try (KeyValueStore opened = store.open(client);
                    Progress progress =
                            Progress.of("restoring", bytes, Environment.system().clock())) {
                show(this, "restored", StoreBackup.restore(opened, file, limits, replace, progress::add));
            }
            return 0;
        }
    }

    private static void show(Operation command, String done, StoreBackup.Totals totals) {
        command.print(
                String.format(
                        Locale.ROOT,
                        "%s %d entries, %s, of version %d%n",
                        done,
                        totals.entries(),
                        Sizes.text(totals.bytes()),
                        totals.version()),
                new Json()
                        .put("version", totals.version())
                        .put("entries", totals.entries())
                        .put("bytes", totals.bytes())
                        .toString());
    }

    @Command(
            name = "peer",
            description = "Changes which processes replicate the store, one at a time, while it is used.",
            subcommands = {Add.class, Remove.class},
            mixinStandardHelpOptions = true)
    static final class PeerChanges {}

    @Command(
            name = "add",
            description = {
                "Makes a process a peer of the store, and waits until it has all data. It runs already:",
                "'weft server --role kv --engine ratis --peer 4 --peers 4=HOST:PORT --join'."
            },
            mixinStandardHelpOptions = true)
    static final class Add extends Operation {
        @Parameters(paramLabel = "ID=HOST:PORT", description = "The new peer, as it was started.")
        private String peer = "";

        @Override
        int run(RpcClient client) throws IOException, InterruptedException {
            RatisPeer added = RatisPeer.parse(peer);
            store.leader(client).addPeer(new StorePeer(added.id(), added.address()));
            print(
                    "peer " + added + " is added\n",
                    new Json().put("added", added.toString()).toString());
            return 0;
        }
    }

    @Command(
            name = "remove",
            description = "Takes a process out of the peers of the store; stop it afterwards.",
            mixinStandardHelpOptions = true)
    static final class Remove extends Operation {
        @Parameters(paramLabel = "ID", description = "The peer's id.")
        private String peer = "";

        @Override
        int run(RpcClient client) throws IOException, InterruptedException {
            store.leader(client).removePeer(new StorePeer(peer, ""));
            print(
                    "peer " + peer + " is removed\n",
                    new Json().put("removed", peer).toString());
            return 0;
        }
    }
}
