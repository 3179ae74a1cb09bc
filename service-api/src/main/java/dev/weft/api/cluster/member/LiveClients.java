package dev.weft.api.cluster.member;

import dev.weft.api.cluster.ClientSessions;
import dev.weft.api.cluster.NotPrimaryException;
import dev.weft.api.cluster.SessionsReply;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Knows which clients have a session at the cluster manager. */
@FunctionalInterface
public interface LiveClients {
    /**
     * Those that have one now. Blocks.
     *
     * @throws NotPrimaryException if that cannot be found out now
     */
    Set<UUID> clients() throws NotPrimaryException;

    /** Asks the cluster manager. */
    static Set<UUID> of(ClientSessions manager) throws NotPrimaryException {
        return manager.sessions().sessions().stream()
                .map(SessionsReply.Session::clientId)
                .collect(Collectors.toUnmodifiableSet());
    }
}
