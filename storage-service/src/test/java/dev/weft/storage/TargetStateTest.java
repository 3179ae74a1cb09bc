package dev.weft.storage;

import static dev.weft.api.cluster.LocalState.OFFLINE;
import static dev.weft.api.cluster.LocalState.ONLINE;
import static dev.weft.api.cluster.LocalState.UP_TO_DATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.PublicState;
import org.junit.jupiter.api.Test;

final class TargetStateTest {
    private static final TargetState FRESH = TargetState.STARTING.follow(PublicState.OFFLINE, 1);

    @Test
    void aRestartedTargetStaysOfflineUntilItIsOutOfUse() {
        TargetState state = TargetState.STARTING;
        for (PublicState inUse : new PublicState[] {PublicState.SERVING, PublicState.SYNCING, PublicState.WAITING}) {
            state = state.follow(inUse, 3);
            assertLocal(OFFLINE, state);
        }
        assertLocal(ONLINE, state.follow(PublicState.LASTSRV, 4));
        assertLocal(ONLINE, state.follow(PublicState.OFFLINE, 4));
    }

    @Test
    void oneThatIsFilledIsUpToDateAndThenServes() {
        TargetState syncing = FRESH.follow(PublicState.SYNCING, 2);
        assertLocal(ONLINE, syncing);
        assertTrue(syncing.mustForgetApplied(FRESH));
        TargetState filled = syncing.synced(2);
        assertLocal(UP_TO_DATE, filled.follow(PublicState.SYNCING, 2));
        TargetState serving = filled.follow(PublicState.SERVING, 3);
        assertLocal(UP_TO_DATE, serving);
        assertFalse(serving.mustCommitPending(filled));
    }

    @Test
    void aFillingThatTheChainOvertookBeginsAgain() {
        TargetState filled = FRESH.follow(PublicState.SYNCING, 2).synced(2);
        assertLocal(ONLINE, filled.follow(PublicState.SYNCING, 3));
    }

    @Test
    void oneThatServedAndIsToBeFilledLacksData() {
        TargetState serving = FRESH.follow(PublicState.SERVING, 2);
        assertLocal(ONLINE, serving.follow(PublicState.SYNCING, 4));
        assertLocal(ONLINE, serving.follow(PublicState.OFFLINE, 3));
    }

    @Test
    void oneThatServesWithoutBeingFilledCommitsWhatIsPending() {
        TargetState last = FRESH.follow(PublicState.LASTSRV, 2);
        TargetState serving = last.follow(PublicState.SERVING, 3);
        assertLocal(UP_TO_DATE, serving);
        assertTrue(serving.mustCommitPending(last));
        assertFalse(serving.follow(PublicState.SERVING, 4).mustCommitPending(serving));
    }

    @Test
    void aFailedDiskStaysFailed() {
        assertLocal(OFFLINE, TargetState.FAILED.follow(PublicState.OFFLINE, 9));
        assertLocal(OFFLINE, TargetState.FAILED.follow(PublicState.SERVING, 9));
    }

    private static void assertLocal(LocalState expected, TargetState state) {
        assertEquals(expected, state.local());
    }
}
