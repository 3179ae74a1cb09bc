package dev.weft.api.cluster.member;

import dev.weft.api.cluster.ClientSessions;
import dev.weft.api.cluster.SessionRequest;
import dev.weft.api.cluster.routing.PrimaryFinder;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.time.Duration;
import java.util.UUID;

/**
 * Keeps the session of a client at the cluster manager; on a thread of its own. A client that ends before the first
 * interval is over is never heard of, so that short commands cost the manager nothing.
 */
public final class SessionKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SessionKeeper.class.getName());

    /** Four signs of life in the default time of a session. */
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    /** Enough for those who stay, and long for a command. */
    private static final Duration FIRST = Duration.ofSeconds(3);

    private final PrimaryFinder<ClientSessions> managers;
    private final UUID clientId;
    private final String description;
    private final Environment environment;
    private final Thread thread;

    /** Written by the thread; read once it has ended. */
    private boolean opened;

    /** @param description of the client, for people */
    public SessionKeeper(PrimaryFinder<ClientSessions> managers, String description, Environment environment) {
        this.managers = managers;
        this.clientId =
                new UUID(environment.random().nextLong(), environment.random().nextLong());
        this.description = description;
        this.environment = environment;
        this.thread = environment.threads().newThread(this::keep);
    }

    public void start() {
        thread.start();
    }

    public UUID clientId() {
        return clientId;
    }

    private void keep() {
        try {
            environment.clock().sleep(FIRST);
            while (!Thread.currentThread().isInterrupted()) {
                opened = true;
                tell(false);
                environment.clock().sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            // Only close interrupts this thread.
            Thread.currentThread().interrupt();
        }
    }

    private void tell(boolean end) {
        try {
            SessionRequest request = new SessionRequest(clientId, description, end);
            managers.call(Duration.ZERO, manager -> manager.session(request));
        } catch (RpcException e) {
            LOG.log(System.Logger.Level.DEBUG, "the session of client " + clientId + " was not extended", e);
        }
    }

    /** Ends the session. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (opened) {
            tell(true);
        }
    }
}
