package dev.weft.simulation.meta;

import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.ListReply;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StoreOutcome;
import dev.weft.kv.StoreService;
import dev.weft.kv.Transaction;
import dev.weft.simulation.Around;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A way to get metadata wrong. */
enum MetaMutation implements MetaParts {
    /** A request that was carried out is carried out again. */
    REQUEST_LOG_NOT_CONSULTED {
        @Override
        public KeyValueStore store(KeyValueStore store) {
            return transactions(
                    store,
                    tx -> Around.method(
                            Transaction.class,
                            tx,
                            "get",
                            (arguments, proceed) ->
                                    has(arguments[0], REQUESTS) ? Optional.empty() : proceed.with(arguments)));
        }
    },

    /** The sessions of clients that died are kept. */
    SESSIONS_OF_THE_DEAD_KEPT {
        @Override
        public Set<UUID> clients(Set<UUID> there, Set<UUID> all) {
            return all;
        }
    },

    /** The garbage of a server that died waits for it to come back. */
    GARBAGE_OF_THE_DEAD_KEPT {
        @Override
        public boolean alive(boolean alive) {
            return true;
        }
    },

    /** Clients that are there are taken for dead. */
    THE_LIVING_TAKEN_FOR_DEAD {
        @Override
        public Set<UUID> clients(Set<UUID> there, Set<UUID> all) {
            return Set.of();
        }
    },

    /** A client's retry looks like a new request. */
    NEW_IDENTITY_FOR_RETRY {
        @Override
        public MetaService reached(MetaService service) {
            AtomicLong last = new AtomicLong();
            MetaService mkdir = Around.method(MetaService.class, service, "mkdir", (arguments, proceed) -> {
                MkdirRequest asked = (MkdirRequest) arguments[0];
                return proceed.with(
                        new MkdirRequest(asked.caller(), asked.at(), asked.parents(), asked.permissions(), next(last)));
            });
            return Around.method(MetaService.class, mkdir, "remove", (arguments, proceed) -> {
                RemoveRequest asked = (RemoveRequest) arguments[0];
                return proceed.with(new RemoveRequest(asked.caller(), asked.at(), asked.kind(), next(last)));
            });
        }

        private static UUID next(AtomicLong last) {
            return new UUID(System.identityHashCode(last), last.incrementAndGet());
        }
    },

    /** A path may lead elsewhere when a change commits: also that of a directory that is moved below another. */
    NAMES_DO_NOT_CONFLICT {
        @Override
        public KeyValueStore store(KeyValueStore store) {
            return transactions(store, tx -> unchecked(tx, ENTRIES));
        }
    },

    /** Nor does what hangs on a name: the directories above, which show that there is no loop, and numbers of links. */
    INODES_DO_NOT_CONFLICT {
        @Override
        public KeyValueStore store(KeyValueStore store) {
            return transactions(store, tx -> unchecked(tx, INODES));
        }
    },

    /** A directory may be filled while it is removed. */
    EMPTINESS_DOES_NOT_CONFLICT {
        @Override
        public KeyValueStore store(KeyValueStore store) {
            return transactions(
                    store,
                    tx -> Around.method(
                            Transaction.class,
                            tx,
                            "range",
                            (arguments, _) -> tx.snapshotRange((KeyRange) arguments[0], (int) arguments[1])));
        }
    },

    /** A file that loses one of its names has as many links as before. */
    LINKS_NOT_COUNTED_DOWN {
        @Override
        public KeyValueStore store(KeyValueStore store) {
            return transactions(store, tx -> {
                AtomicInteger names = new AtomicInteger();
                Transaction counted = Around.method(Transaction.class, tx, "remove", (arguments, proceed) -> {
                    names.addAndGet(has(arguments[0], ENTRIES) ? -1 : 0);
                    return proceed.with(arguments);
                });
                return Around.method(Transaction.class, counted, "put", (arguments, proceed) -> {
                    names.addAndGet(has(arguments[0], ENTRIES) ? 1 : 0);
                    boolean released = names.get() < 0 && isInode((Bytes) arguments[0]);
                    return released ? null : proceed.with(arguments);
                });
            });
        }
    },

    /** A commit of unknown outcome counts as done. */
    DOUBT_TAKEN_FOR_DONE {
        @Override
        public StoreService link(StoreService link) {
            return Around.method(StoreService.class, link, "commit", (arguments, proceed) -> {
                StoreOutcome outcome = proceed.get(StoreOutcome.class, arguments);
                return outcome instanceof StoreOutcome.MaybeCommitted
                        ? new StoreOutcome.Committed(1, MemorySegment.ofArray(new byte[10]))
                        : outcome;
            });
        }
    },

    /** The entries of a list are of different moments. */
    LIST_OF_SEVERAL_MOMENTS {
        @Override
        public MetaService served(MetaService service) {
            return Around.method(MetaService.class, service, "list", (arguments, proceed) -> {
                ListRequest asked = (ListRequest) arguments[0];
                List<DirectoryEntry> entries = new ArrayList<>();
                boolean more = true;
                while (more) {
                    String after = entries.isEmpty() ? "" : entries.getLast().name();
                    ListReply page = proceed.get(
                            ListReply.class, new ListRequest(asked.caller(), asked.at(), after, 1, asked.attributes()));
                    entries.addAll(page.entries());
                    more = page.more();
                }
                return new ListReply(entries, false);
            });
        }
    },

    /** A server tells what it has told before. */
    STAT_FROM_MEMORY {
        @Override
        public MetaService served(MetaService service) {
            Map<Object, Object> known = new ConcurrentHashMap<>();
            return Around.method(MetaService.class, service, "stat", (arguments, proceed) -> {
                Object answer = known.get(arguments[0]);
                if (answer == null) {
                    answer = proceed.get(Object.class, arguments);
                    known.put(arguments[0], answer);
                }
                return answer;
            });
        }
    },

    /** A rename replaces what it should not. */
    NO_REPLACE_IGNORED {
        @Override
        public MetaService served(MetaService service) {
            return Around.method(MetaService.class, service, "rename", (arguments, proceed) -> {
                RenameRequest asked = (RenameRequest) arguments[0];
                RenameRequest.Mode mode =
                        asked.mode() == RenameRequest.Mode.NO_REPLACE ? RenameRequest.Mode.REPLACE : asked.mode();
                return proceed.with(new RenameRequest(asked.caller(), asked.from(), asked.to(), mode, asked.request()));
            });
        }
    },

    /** What a writer says of the end of a file is forgotten. */
    LENGTH_NOT_SETTLED {
        @Override
        public MetaService served(MetaService service) {
            return Around.method(MetaService.class, service, "close", (arguments, proceed) -> {
                CloseRequest asked = (CloseRequest) arguments[0];
                return proceed.with(new CloseRequest(
                        asked.caller(), asked.inodeId(), asked.session(), 0, asked.truncations(), asked.close()));
            });
        }
    };

    private static final Bytes REQUESTS = Bytes.ofUtf8("MR");
    private static final Bytes ENTRIES = Bytes.ofUtf8("MD");
    private static final Bytes INODES = Bytes.ofUtf8("MI");

    /** Prefix and id. */
    private static final int INODE_KEY_BYTES = 10;

    private static boolean has(Object key, Bytes prefix) {
        return ((Bytes) key).startsWith(prefix);
    }

    /** And not what else stands with it. */
    private static boolean isInode(Bytes key) {
        return has(key, INODES) && key.length() == INODE_KEY_BYTES;
    }

    /** Reads of these keys are of the snapshot only. */
    private static Transaction unchecked(Transaction tx, Bytes prefix) {
        return Around.method(
                Transaction.class,
                tx,
                "get",
                (arguments, proceed) ->
                        has(arguments[0], prefix) ? tx.snapshotGet((Bytes) arguments[0]) : proceed.with(arguments));
    }

    private static KeyValueStore transactions(KeyValueStore store, UnaryOperator<Transaction> mutant) {
        return Around.method(KeyValueStore.class, store, "run", (arguments, proceed) -> {
            KeyValueStore.Body<?, ?> body = (KeyValueStore.Body<?, ?>) arguments[0];
            KeyValueStore.Body<Object, Exception> mutated = tx -> body.run(mutant.apply(tx));
            return proceed.with(mutated);
        });
    }
}
