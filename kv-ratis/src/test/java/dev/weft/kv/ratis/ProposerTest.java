package dev.weft.kv.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyRange;
import dev.weft.kv.engine.Commit;
import dev.weft.kv.engine.WriteSet;
import dev.weft.kv.testkit.KeyValueStoreContract;
import dev.weft.rpc.Clock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the proposer does with a peer whose answers the test gives. */
final class ProposerTest implements Proposer.Peer {
    private static final Bytes KEY = Bytes.ofUtf8("k");

    private OptionalLong term = OptionalLong.of(1);
    private long version = 10;
    private final List<CommitGroup> proposed = new ArrayList<>();
    private CompletableFuture<Boolean> answer = CompletableFuture.completedFuture(true);
    private final Proposer proposer = started();

    private Proposer started() {
        Proposer made = new Proposer(
                this,
                RatisConfig.of(Path.of("unused"), "1", List.of(new RatisPeer("1", "h", 1))),
                KeyValueStoreContract.SMALL,
                Clock.system());
        made.start();
        return made;
    }

    @AfterEach
    void close() {
        proposer.close();
    }

    @Override
    public OptionalLong leadingTerm() {
        return term;
    }

    @Override
    public long version() {
        if (version < 0) {
            throw new IllegalStateException("the store is closed");
        }
        return version;
    }

    @Override
    public CompletableFuture<Boolean> propose(ByteBuffer entry) {
        proposed.add(CommitGroup.parse(entry));
        return answer;
    }

    private CommitResult commit(long readVersion) throws InterruptedException {
        WriteSet writes = new WriteSet();
        writes.put(KEY, KEY);
        return proposer.commit(new Commit(readVersion, List.of(KeyRange.of(KEY)), writes, 100));
    }

    @Test
    void entriesOfATermBuildOnEachOther() throws Exception {
        assertInstanceOf(CommitResult.Committed.class, commit(10));
        assertInstanceOf(CommitResult.Committed.class, commit(11));
        assertEquals(List.of(10L, 11L), proposed.stream().map(CommitGroup::base).toList());
        assertEquals(new CommitResult.Conflicted(CommitResult.Reason.READ_CHANGED), commit(11));
    }

    @Test
    void nobodyWaitsForAPeerThatIsClosed() throws Exception {
        version = -1;
        assertInstanceOf(CommitResult.MaybeCommitted.class, commit(10));
        version = 10;
        assertInstanceOf(CommitResult.Committed.class, commit(10));
    }

    @Test
    void whoDoesNotLeadProposesNothing() throws Exception {
        term = OptionalLong.empty();
        assertEquals(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD), commit(10));
        assertEquals(List.of(), proposed);
    }

    @Test
    void inANewTermItBuildsOnWhatTheStoreHas() throws Exception {
        commit(10);
        term = OptionalLong.of(2);
        version = 40;
        assertEquals(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD), commit(11));
        assertInstanceOf(CommitResult.Committed.class, commit(40));
        assertEquals(40, proposed.getLast().base());
        assertEquals(2, proposed.getLast().term());
    }

    @Test
    void anEntryWithoutAnswerMayHaveCommittedAndTheNextBuildsOnWhatTheStoreHas() throws Exception {
        answer = CompletableFuture.failedFuture(new IllegalStateException("no answer"));
        assertInstanceOf(CommitResult.MaybeCommitted.class, commit(10));
        answer = CompletableFuture.completedFuture(true);
        version = 10;
        assertInstanceOf(CommitResult.Committed.class, commit(10));
        assertEquals(List.of(10L, 10L), proposed.stream().map(CommitGroup::base).toList());
    }

    @Test
    void anEntryThatCameTooLateHasWrittenNothing() throws Exception {
        answer = CompletableFuture.completedFuture(false);
        assertEquals(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD), commit(10));
        answer = CompletableFuture.completedFuture(true);
        version = 17;
        assertInstanceOf(CommitResult.Committed.class, commit(17));
        assertEquals(17, proposed.getLast().base());
    }
}
