package dev.weft.rpc.testkit;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;

/** What a simulation needs of virtual threads and the JDK keeps to itself; needs java.lang to be open to this module. */
final class VirtualThreadInternals {
    private static final Constructor<?> BUILDER;
    private static final Field STATE;
    private static final int UNBLOCKED;

    static {
        try {
            BUILDER = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            BUILDER.setAccessible(true);
            Class<?> thread = Class.forName("java.lang.VirtualThread");
            STATE = thread.getDeclaredField("state");
            STATE.setAccessible(true);
            Field unblocked = thread.getDeclaredField("UNBLOCKED");
            unblocked.setAccessible(true);
            UNBLOCKED = unblocked.getInt(null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("run the JVM with --add-opens java.base/java.lang=ALL-UNNAMED", e);
        }
    }

    private VirtualThreadInternals() {}

    /** Makes threads that get their turns from a scheduler. */
    static Thread.Builder.OfVirtual builderOn(Executor scheduler) {
        try {
            return (Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("virtual threads take no scheduler", e);
        }
    }

    /** Whether a virtual thread has waited for a monitor and may go on; its public state does not tell that from a yield. */
    static boolean isUnblocked(Thread thread) {
        try {
            return STATE.getInt(thread) == UNBLOCKED;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the state of virtual threads cannot be read", e);
        }
    }
}
