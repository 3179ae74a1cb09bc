package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.member.LiveClients;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.SpaceRequest;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.meta.operations.InodeIds;
import dev.weft.meta.operations.Layouts;
import dev.weft.meta.operations.PathHints;
import dev.weft.meta.operations.Settlements;
import dev.weft.meta.operations.Workplace;
import dev.weft.meta.schema.Keys;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DeadClientsTest extends MetaFixture {
    private static final Duration AT_ONCE = Duration.ofNanos(1);
    private static final Duration LONG = Duration.ofHours(1);

    private final Set<UUID> live = ConcurrentHashMap.newKeySet();
    private final Counters counted = new Counters();
    private DeadClients dead;
    private OpenReply opened;
    private long inodeId;

    @Override
    KeyValueStore open() {
        return new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system());
    }

    private DeadClients deadClients(Duration grace, Duration remembered, int nodeId, Routing servers, LiveClients who) {
        Environment environment = Environment.system();
        Workplace workplace = new Workplace(
                config.withSessions(LONG, grace, remembered),
                environment,
                store,
                new InodeIds(store, 1),
                new PathHints(),
                new Layouts(() -> routing, config, environment.random()),
                chunks,
                new Settlements());
        Membership membership = new Membership(nodeId, () -> servers, Optional.of(who));
        return new DeadClients(workplace, membership, new Division(membership), counted);
    }

    /** A client writes nine bytes and is not to be heard of any more. */
    @BeforeEach
    void leaveAFileOpen() throws Exception {
        dead = deadClients(AT_ONCE, LONG, 0, Routing.UNKNOWN, () -> live);
        opened = create("/file");
        inodeId = opened.inode().inodeId();
        chunks.lengths.put(inodeId, 9L);
    }

    private void endTwice(DeadClients ending) throws InterruptedException {
        ending.endOnce();
        ending.endOnce();
    }

    private int sessions() {
        return stored(KeyRange.prefix(Keys.SESSIONS));
    }

    @Test
    void whatADeadClientHasWrittenIsInTheLength() throws Exception {
        assertEquals(0, stat("/file").length());
        endTwice(dead);
        assertEquals(9, stat("/file").length());
        assertEquals(9, meta.space(new SpaceRequest(caller, PathAt.of("/"))).bytes());
        assertEquals(1, counted.snapshot().get("meta.sessions-ended"));
        endTwice(dead);
        assertEquals(1, counted.snapshot().get("meta.sessions-ended"));
    }

    @Test
    void aFileThatWasRemovedWhileADeadClientHadItOpenIsCollected() throws Exception {
        remove("/file", RemoveRequest.Kind.UNLINK);
        collector.collectOnce();
        assertEquals(Set.of(inodeId), chunks.lengths.keySet());
        endTwice(dead);
        assertTrue(collector.collectOnce());
        assertEquals(Set.of(), chunks.lengths.keySet());
        assertEquals(0, sessions());
        assertFault(Kind.NOT_FOUND, () -> close(opened, 9));
    }

    @Test
    void aClientThatComesBackIsTold() throws Exception {
        endTwice(dead);
        live.add(caller.client());
        assertFault(Kind.SESSION_ENDED, () -> sync(opened, 12));
        assertFault(Kind.SESSION_ENDED, () -> close(opened, 12));
        assertFault(Kind.SESSION_ENDED, () -> close(opened, 12));
        assertEquals(9, stat("/file").length());
        OpenReply again = open("/file", OpenRequest.Mode.WRITE);
        assertEquals(12, close(again, 12).length());
        assertEquals(12, close(again, 12).length(), "a repetition is no return");
    }

    @Test
    void liveClientsAndYoungSessionsAndThoseThatWereMissedOnceStay() throws Exception {
        live.add(caller.client());
        endTwice(dead);
        live.clear();
        dead.endOnce();
        endTwice(deadClients(LONG, LONG, 0, Routing.UNKNOWN, () -> live));
        assertEquals(9, close(opened, 9).length());
    }

    @Test
    void nobodyCountsAsDeadWhileTheManagerIsAway() throws Exception {
        endTwice(deadClients(AT_ONCE, LONG, 0, Routing.UNKNOWN, () -> {
            throw new RpcException(StatusCode.UNAVAILABLE, "no manager");
        }));
        assertEquals(9, close(opened, 9).length());
    }

    @Test
    void whatCannotBeSettledNowIsSettledLater() throws Exception {
        chunks.away = true;
        endTwice(dead);
        chunks.away = false;
        assertEquals(0, stat("/file").length());
        dead.endOnce();
        assertEquals(9, stat("/file").length());
    }

    @Test
    void theServersDivideTheFiles() throws Exception {
        Routing both = withServers(Map.of(1, true, 2, true));
        for (int i = 0; i < 40; i++) {
            create("/f" + i);
        }
        endTwice(deadClients(AT_ONCE, LONG, 1, both, () -> live));
        long first = counted.sessionsEnded.sum();
        assertTrue(first > 5 && first < 36, () -> first + " of 41 are the first server's");
        endTwice(deadClients(AT_ONCE, LONG, 2, both, () -> live));
        assertEquals(41, counted.sessionsEnded.sum());
    }

    @Test
    void endedSessionsAreForgottenInTheEnd() throws Exception {
        endTwice(dead);
        assertEquals(1, sessions());
        deadClients(AT_ONCE, AT_ONCE, 0, Routing.UNKNOWN, () -> live).endOnce();
        assertEquals(0, sessions());
    }

    @Test
    void aTruncationThatComesBetweenIsSettledAgain() throws Exception {
        chunks.interruption = () -> {
            try {
                truncate("/file", 4);
            } catch (MetaException e) {
                throw new AssertionError(e);
            }
        };
        endTwice(dead);
        assertEquals(4, stat("/file").length());
        assertFault(Kind.SESSION_ENDED, () -> close(opened, 9));
    }
}
