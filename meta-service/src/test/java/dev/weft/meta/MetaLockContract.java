package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.FileLock;
import dev.weft.api.meta.LockFileRequest;
import dev.weft.api.meta.LockFileRequest.Mode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenewLocksRequest;
import dev.weft.kv.KeyRange;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Locks;
import dev.weft.meta.schema.Namespace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Locks on files. */
abstract class MetaLockContract extends MetaQuotaContract {
    private static final Credentials OTHER = new Credentials(new UUID(0, 2), 0, 0, List.of());

    /** Who is in the way, if anyone is. */
    private Optional<FileLock> ask(
            Credentials who, long file, Mode mode, FileLock.Kind kind, boolean exclusive, long start, long end)
            throws MetaException {
        FileLock lock = new FileLock(who.client(), 1, kind, exclusive, start, end);
        return meta.lockFile(new LockFileRequest(who, file, lock, mode)).inTheWay();
    }

    private boolean range(Credentials who, long file, boolean exclusive, long start, long end) throws MetaException {
        return ask(who, file, Mode.LOCK, FileLock.Kind.RANGE, exclusive, start, end)
                .isEmpty();
    }

    private void unlock(Credentials who, long file, long start, long end) throws MetaException {
        ask(who, file, Mode.UNLOCK, FileLock.Kind.RANGE, false, start, end);
    }

    @Test
    void rangesAreLockedAndGivenUp() throws MetaException {
        long file = create("/f").inode().inodeId();
        assertTrue(range(ROOT, file, true, 0, 100));
        assertTrue(range(ROOT, file, true, 0, 100), "again");
        assertFalse(range(OTHER, file, false, 99, 100));
        assertTrue(range(OTHER, file, true, 100, Long.MAX_VALUE));
        Optional<FileLock> inTheWay = ask(ROOT, file, Mode.TEST, FileLock.Kind.RANGE, false, 50, 500);
        assertEquals(OTHER.client(), inTheWay.orElseThrow().client());
        assertEquals(100, inTheWay.orElseThrow().start());
        unlock(ROOT, file, 20, 40);
        assertTrue(range(OTHER, file, true, 20, 40), "out of the middle");
        assertFalse(range(OTHER, file, false, 19, 20));
        assertFalse(range(OTHER, file, false, 40, 41));
        assertTrue(range(ROOT, file, false, 40, 100), "made shared");
        assertTrue(range(OTHER, file, false, 40, 100));
        assertFalse(range(ROOT, file, true, 40, 100), "not exclusive again, which another one reads");
    }

    @Test
    void theTwoKindsDoNotKnowEachOther() throws MetaException {
        long file = create("/f").inode().inodeId();
        assertTrue(range(ROOT, file, true, 0, Long.MAX_VALUE));
        FileLock.Kind whole = FileLock.Kind.WHOLE;
        assertTrue(ask(OTHER, file, Mode.LOCK, whole, true, 0, Long.MAX_VALUE).isEmpty());
        assertFalse(ask(ROOT, file, Mode.LOCK, whole, false, 0, Long.MAX_VALUE).isEmpty());
    }

    @Test
    void theLocksOfAClientGoWithItsLease() throws Exception {
        long file = create("/f").inode().inodeId();
        assertFault(Kind.NOT_FOUND, () -> meta.renewLocks(new RenewLocksRequest(ROOT, false)));
        assertTrue(range(ROOT, file, true, 0, 10));
        assertEquals(
                config.lockLease(),
                meta.renewLocks(new RenewLocksRequest(ROOT, false)).lease());
        store.run(tx -> {
            Instant now = Instant.now();
            new Locks(tx, now).begin(ROOT.client(), now.minusMillis(1));
            return 0;
        });
        assertTrue(range(OTHER, file, true, 0, 10), "its holder is silent for too long");
        assertFault(Kind.NOT_FOUND, () -> meta.renewLocks(new RenewLocksRequest(ROOT, false)));
        meta.renewLocks(new RenewLocksRequest(OTHER, true));
        assertTrue(range(ROOT, file, true, 0, 10), "its holder ended");
    }

    @Test
    void ofTwoWhoAskAtOnceOneGetsTheLock() throws Exception {
        long file = create("/f").inode().inodeId();
        MetaService slow = overtakenBy(() -> assertTrue(range(ROOT, file, true, 0, 10)));
        FileLock lock = new FileLock(OTHER.client(), 1, FileLock.Kind.RANGE, true, 0, 10);
        assertTrue(slow.lockFile(new LockFileRequest(OTHER, file, lock, Mode.LOCK))
                .inTheWay()
                .isPresent());
    }

    @Test
    void locksThatCannotBeAreRefused() throws Exception {
        Credentials bob = user(1001, 100);
        long file = create("/f").inode().inodeId();
        assertFault(Kind.INVALID, () -> range(ROOT, file, true, 5, 5));
        assertFault(Kind.INVALID, () -> range(ROOT, file, true, -1, 5));
        assertFault(Kind.IS_A_DIRECTORY, () -> range(ROOT, Namespace.ROOT_ID, true, 0, 5));
        assertFault(Kind.NOT_FOUND, () -> range(ROOT, 999_999, true, 0, 5));
        assertFault(Kind.ACCESS_DENIED, () -> range(bob, file, true, 0, 5));
        assertTrue(range(bob, file, false, 0, 5));
        FileLock foreign = new FileLock(OTHER.client(), 1, FileLock.Kind.RANGE, true, 0, 10);
        assertFault(Kind.INVALID, () -> meta.lockFile(new LockFileRequest(ROOT, file, foreign, Mode.UNLOCK)));
        for (int i = 0; i < LockFileRequest.LOCKS_MAX; i++) {
            assertTrue(range(ROOT, file, false, 10 + 2 * i, 11 + 2 * i));
        }
        assertFault(Kind.TOO_LARGE, () -> range(ROOT, file, false, 5000, 5001));
    }

    @Test
    void locksGoWithTheirFile() throws Exception {
        OpenReply opened = create("/f");
        long file = opened.inode().inodeId();
        assertTrue(range(ROOT, file, true, 0, 10));
        close(opened, 0);
        remove("/f", RemoveRequest.Kind.UNLINK);
        assertTrue(collector.collectOnce());
        assertEquals(0, stored(KeyRange.of(Keys.locks(file))));
    }
}
