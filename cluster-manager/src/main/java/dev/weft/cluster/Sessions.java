package dev.weft.cluster;

import dev.weft.api.cluster.SessionRequest;
import dev.weft.api.cluster.SessionsReply;
import dev.weft.kv.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The sessions of clients: who they are is stored, when they were heard of last is not. A new primary counts from when it
 * became one, so that no session ends because the manager has changed.
 *
 * <pre>
 *   "CS" + client id (16 bytes) -> SessionRecord
 * </pre>
 *
 * Time is passed in. Not thread-safe.
 */
final class Sessions {
    private static final Bytes PREFIX = Bytes.ofUtf8("CS");
    private static final int DESCRIPTION_CHARS_MAX = 256;

    private record Session(SessionRecord record, long heardNanos) {}

    private final FencedStore store;
    private final Duration lasts;
    private final int sessionsMax;
    private final Map<UUID, Session> sessions = new LinkedHashMap<>();

    private Sessions(FencedStore store, Duration lasts, int sessionsMax) {
        this.store = store;
        this.lasts = lasts;
        this.sessionsMax = sessionsMax;
    }

    static Sessions load(FencedStore store, ClusterManagerConfig config, long nowNanos) throws InterruptedException {
        List<SessionRecord> stored = store.run(tx -> {
            List<SessionRecord> found = new ArrayList<>();
            FencedStore.forEach(tx, PREFIX, SessionRecordCodec.CODEC, (_, record) -> found.add(record));
            return found;
        });
        Sessions sessions = new Sessions(store, config.sessionTime(), config.sessionsMax());
        stored.forEach(record -> sessions.sessions.put(record.clientId(), new Session(record, nowNanos)));
        return sessions;
    }

    void take(SessionRequest request, Instant opened, long nowNanos) throws InterruptedException {
        if (request.description().length() > DESCRIPTION_CHARS_MAX) {
            throw Refusal.invalid("description has " + request.description().length() + " characters, above "
                            + DESCRIPTION_CHARS_MAX)
                    .toException();
        }
        Session known = sessions.get(request.clientId());
        if (request.end()) {
            if (known != null) {
                remove(request.clientId());
            }
            return;
        }
        if (known != null) {
            sessions.put(request.clientId(), new Session(known.record(), nowNanos));
            return;
        }
        if (sessions.size() >= sessionsMax) {
            throw Refusal.tooMany("client would be more than " + sessionsMax).toException();
        }
        SessionRecord record = new SessionRecord(request.clientId(), request.description(), opened);
        store.run(tx -> {
            tx.put(key(record.clientId()), FencedStore.encode(SessionRecordCodec.CODEC, record));
            return record;
        });
        sessions.put(record.clientId(), new Session(record, nowNanos));
    }

    /** Does not count the last {@code nanos} as silence of anybody. */
    void pardon(long nanos) {
        sessions.replaceAll((_, session) -> new Session(session.record(), session.heardNanos() + nanos));
    }

    /** Ends the sessions of clients that have been silent for too long. */
    void prune(long nowNanos) throws InterruptedException {
        List<UUID> silent = sessions.values().stream()
                .filter(session -> nowNanos - session.heardNanos() >= lasts.toNanos())
                .map(session -> session.record().clientId())
                .toList();
        for (UUID client : silent) {
            remove(client);
        }
    }

    private void remove(UUID client) throws InterruptedException {
        store.run(tx -> {
            tx.remove(key(client));
            return client;
        });
        sessions.remove(client);
    }

    SessionsReply list(long nowNanos) {
        return new SessionsReply(sessions.values().stream()
                .map(session -> new SessionsReply.Session(
                        session.record().clientId(),
                        session.record().description(),
                        session.record().opened(),
                        Duration.ofNanos(nowNanos - session.heardNanos())))
                .sorted(Comparator.comparing(SessionsReply.Session::opened)
                        .thenComparing(SessionsReply.Session::clientId))
                .toList());
    }

    private static Bytes key(UUID client) {
        return Bytes.concat(
                PREFIX, Bytes.ofLong(client.getMostSignificantBits()), Bytes.ofLong(client.getLeastSignificantBits()));
    }
}
