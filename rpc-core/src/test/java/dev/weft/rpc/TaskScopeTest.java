package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.TaskScope.Policy;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class TaskScopeTest {
    private static final Environment ENVIRONMENT = Environment.system();

    /** Ends only by an interrupt. */
    private static final Callable<String> BLOCKED = () -> {
        new CountDownLatch(1).await();
        return "never";
    };

    @Test
    void joinWaitsForAllTasksAndTheirResultsAreThere() throws InterruptedException {
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            Subtask<Integer> one = scope.fork(() -> 1);
            Subtask<Integer> two = scope.fork(() -> 2);
            scope.join();
            assertEquals(3, one.get() + two.get());
            assertNull(one.failure());
            assertFalse(scope.isCancelled());
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, to see what became of the tasks
    void failureInterruptsTheSiblingsAndIsThrownByJoin() {
        IllegalStateException wrong = new IllegalStateException("wrong");
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            Subtask<String> sibling = scope.fork(BLOCKED);
            Subtask<String> failing = scope.fork(() -> {
                throw wrong;
            });
            TaskFailedException e = assertThrows(TaskFailedException.class, scope::join);
            assertSame(wrong, e.getCause());
            assertSame(wrong, failing.failure());
            assertTrue(scope.isCancelled());
            scope.close();
            assertTrue(sibling.failure() instanceof InterruptedException);
            assertThrows(IllegalStateException.class, sibling::get);
        }
    }

    @Test
    void joinThrowsTheFailureThatCameFirstNotWhatItDidToAnOlderSibling() {
        IllegalStateException wrong = new IllegalStateException("wrong");
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            Subtask<String> sibling = scope.fork(BLOCKED);
            scope.fork(() -> {
                throw wrong;
            });
            while (sibling.failure() == null) {
                Thread.onSpinWait();
            }
            TaskFailedException e = assertThrows(TaskFailedException.class, scope::join);
            assertSame(wrong, e.getCause());
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, to see what became of the tasks
    void anySuccessfulEndsWithTheFirstSuccess() throws InterruptedException {
        try (TaskScope scope = TaskScope.open(ENVIRONMENT, Policy.ANY_SUCCESSFUL)) {
            Subtask<String> failing = scope.fork(() -> {
                throw new IllegalStateException("wrong");
            });
            Subtask<String> slow = scope.fork(BLOCKED);
            Subtask<String> quick = scope.fork(() -> "quick");
            scope.join();
            assertEquals("quick", quick.get());
            scope.close();
            assertEquals(Subtask.State.FAILED, failing.state());
            assertEquals(Subtask.State.FAILED, slow.state());
        }
    }

    @Test
    void anySuccessfulFailsOnlyIfAllFail() {
        IllegalStateException wrong = new IllegalStateException("wrong");
        try (TaskScope scope = TaskScope.open(ENVIRONMENT, Policy.ANY_SUCCESSFUL)) {
            for (int i = 0; i < 3; i++) {
                scope.fork(() -> {
                    throw wrong;
                });
            }
            TaskFailedException e = assertThrows(TaskFailedException.class, scope::join);
            assertSame(wrong, e.getCause());
        }
    }

    @Test
    void awaitAllLeavesFailuresToTheOwner() throws InterruptedException {
        try (TaskScope scope = TaskScope.open(ENVIRONMENT, Policy.AWAIT_ALL)) {
            Subtask<String> failing = scope.fork(() -> {
                throw new IllegalStateException("wrong");
            });
            Subtask<String> fine = scope.fork(() -> "fine");
            scope.join();
            assertEquals("fine", fine.get());
            IllegalStateException e = assertThrows(IllegalStateException.class, failing::get);
            assertSame(failing.failure(), e.getCause());
        }
    }

    @Test
    void scopeWithoutTasksJoinsAtOnce() throws InterruptedException {
        for (Policy policy : Policy.values()) {
            try (TaskScope scope = TaskScope.open(ENVIRONMENT, policy)) {
                scope.join();
            }
        }
    }

    @Test
    void onlyTheOwnerForksJoinsAndCloses() throws InterruptedException {
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            AtomicInteger refused = new AtomicInteger();
            Thread other = ENVIRONMENT.threads().newThread(() -> {
                assertThrows(WrongThreadException.class, () -> scope.fork(() -> 1));
                assertThrows(WrongThreadException.class, scope::join);
                assertThrows(WrongThreadException.class, scope::close);
                refused.set(3);
            });
            other.start();
            other.join();
            assertEquals(3, refused.get());
        }
    }

    @Test
    void nothingIsForkedAfterJoinOrClose() throws InterruptedException {
        TaskScope closed;
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            closed = scope;
            scope.fork(() -> 1);
            scope.join();
            assertThrows(IllegalStateException.class, () -> scope.fork(() -> 2));
            assertThrows(IllegalStateException.class, scope::join);
        }
        assertThrows(IllegalStateException.class, () -> closed.fork(() -> 3));
    }

    @Test
    void forkInACancelledScopeNeverRuns() throws InterruptedException {
        AtomicBoolean ran = new AtomicBoolean();
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            scope.cancel();
            Subtask<String> late = scope.fork(() -> {
                ran.set(true);
                return "late";
            });
            scope.join();
            assertEquals(Subtask.State.UNAVAILABLE, late.state());
            assertThrows(IllegalStateException.class, late::get);
        }
        assertFalse(ran.get());
    }

    @Test
    void closeWaitsForTasksThatTakeTheirTimeToEnd() {
        AtomicBoolean cleanedUp = new AtomicBoolean();
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            CountDownLatch begun = new CountDownLatch(1);
            scope.fork(() -> {
                begun.countDown();
                try {
                    return BLOCKED.call();
                } finally {
                    for (int i = 0; i < 100_000; i++) {
                        Thread.onSpinWait();
                    }
                    cleanedUp.set(true);
                }
            });
            awaitUninterrupted(begun);
        }
        assertTrue(cleanedUp.get());
    }

    @Test
    void interruptedOwnerLeavesJoinAndItsTasksEndWithTheScope() {
        AtomicReference<Subtask<String>> task = new AtomicReference<>();
        assertThrows(InterruptedException.class, () -> {
            try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
                task.set(scope.fork(BLOCKED));
                Thread.currentThread().interrupt();
                scope.join();
            }
        });
        assertTrue(task.get().failure() instanceof InterruptedException);
        assertFalse(Thread.interrupted(), "the exception stands for the interrupt");
    }

    @Test
    void cancelByAnotherThreadEndsJoinEvenIfATaskDoesNotListen() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            scope.fork(() -> {
                awaitUninterrupted(release);
                return true;
            });
            Thread owner = Thread.currentThread();
            Thread other = ENVIRONMENT.threads().newThread(() -> {
                while (owner.getState() == Thread.State.RUNNABLE) {
                    Thread.onSpinWait();
                }
                scope.cancel();
            });
            other.start();
            scope.join();
            assertTrue(scope.isCancelled());
            release.countDown();
        }
    }

    @Test
    void tasksRunInTheContextInWhichTheyWereForked() throws InterruptedException {
        try (TaskScope scope = TaskScope.open(ENVIRONMENT)) {
            Subtask<String> outside = scope.fork(() -> Context.current().identity());
            Subtask<String> inside = Context.current()
                    .withIdentity("alice")
                    .call(() -> scope.fork(() -> Context.current().identity()));
            scope.join();
            assertEquals("", outside.get());
            assertEquals("alice", inside.get());
        }
    }

    @Test
    void threadThatCannotBeStartedDoesNotKeepTheScopeOpen() {
        Environment exhausted = new Environment(Clock.system(), RandomGenerator.getDefault(), task -> new Thread(task) {
            @Override
            public void start() {
                throw new OutOfMemoryError("no thread left");
            }
        });
        try (TaskScope scope = TaskScope.open(exhausted)) {
            assertThrows(OutOfMemoryError.class, () -> scope.fork(() -> 1));
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException expected) {
                // The test is about a task that goes on.
            }
        }
    }
}
