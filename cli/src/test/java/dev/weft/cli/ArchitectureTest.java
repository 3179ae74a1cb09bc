package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * What the compiler and the modules cannot say. Time, chance and threads come from the environment that is passed in, so
 * that a whole cluster can be run again from a seed.
 */
final class ArchitectureTest {
    /** Exempt from the rules about time and threads, each with why. */
    private static final Map<String, String> ALLOWED = Map.of(
            "dev.weft.rpc.Environment", "is where the threads of production come from",
            "dev.weft.rpc.SystemClock", "is the clock of the machine, which stands behind all others",
            "dev.weft.storage.engine.DiskThreads", "platform threads for blocking native calls; handed in as the disk",
            "dev.weft.rpc.rdma.ffm.FfmCompChannel", "waits in the kernel for a device, whose time is the machine's",
            "dev.weft.rpc.rdma.ffm.FfmEventChannel", "likewise",
            "dev.weft.rpc.rdma.ffm.Readiness", "likewise");

    /** Methods by class; a star stands for all of them. */
    private static final Map<String, Set<String>> FORBIDDEN = Map.of(
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
            "java.time.Instant", Set.of("now"),
            "java.lang.Thread", Set.of("sleep", "ofVirtual", "startVirtualThread"),
            "java.lang.Object", Set.of("wait", "notify", "notifyAll"),
            "java.lang.Math", Set.of("random"),
            "java.util.UUID", Set.of("randomUUID"),
            "java.util.Random", Set.of("*"),
            "java.util.concurrent.ThreadLocalRandom", Set.of("*"),
            "java.util.concurrent.locks.LockSupport", Set.of("parkNanos", "parkUntil"),
            "java.util.concurrent.Executors", Set.of("*"));

    private static final Map<String, Set<String>> ALSO_FORBIDDEN = Map.of(
            "java.util.concurrent.CompletableFuture",
                    Set.of("orTimeout", "completeOnTimeout", "delayedExecutor", "supplyAsync", "runAsync"),
            "java.util.concurrent.ForkJoinPool", Set.of("commonPool"),
            "java.util.concurrent.locks.Condition", Set.of("awaitNanos", "awaitUntil"));

    private static final List<String> SERVICES =
            List.of("dev.weft.cluster", "dev.weft.meta", "dev.weft.storage", "dev.weft.client");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importPackages(
                    "dev.weft.serde",
                    "dev.weft.rpc",
                    "dev.weft.api",
                    "dev.weft.kv",
                    "dev.weft.cluster",
                    "dev.weft.meta",
                    "dev.weft.storage",
                    "dev.weft.client");

    @Test
    void allModulesAreLookedAt() {
        for (String name : List.of(
                "dev.weft.serde.Codec",
                "dev.weft.rpc.RpcServer",
                "dev.weft.rpc.tcp.TcpTransportProvider",
                "dev.weft.rpc.rdma.RdmaTransportProvider",
                "dev.weft.api.meta.MetaService")) {
            assertTrue(CLASSES.contain(name), name);
        }
        for (String service : SERVICES) {
            assertTrue(CLASSES.stream().anyMatch(one -> isIn(one, service)), service);
        }
        for (String allowed : ALLOWED.keySet()) {
            assertTrue(CLASSES.contain(allowed), allowed + " is gone; so should be its exemption");
        }
    }

    @Test
    void timeAndChanceAndThreadsComeFromTheEnvironment() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            if (ALLOWED.containsKey(outermost(one))) {
                continue;
            }
            one.getCodeUnitAccessesFromSelf().stream()
                    .filter(access -> isForbidden(access.getTarget()))
                    .forEach(access -> violations.add(access.getDescription()));
        }
        assertEquals(Set.of(), violations);
    }

    private static boolean isForbidden(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getFullName();
        Set<String> names = FORBIDDEN.getOrDefault(owner, ALSO_FORBIDDEN.getOrDefault(owner, Set.of()));
        return names.contains("*") || names.contains(target.getName()) || isTimedWait(target);
    }

    /** Every wait with a time limit in {@code java.util.concurrent} takes a unit; of {@code Thread} it is a join. */
    private static boolean isTimedWait(CodeUnitAccessTarget target) {
        List<String> parameters = target.getRawParameterTypes().stream()
                .map(JavaClass::getFullName)
                .toList();
        String owner = target.getOwner().getFullName();
        boolean takesUnit = owner.startsWith("java.util.concurrent.")
                && !owner.equals("java.util.concurrent.TimeUnit")
                && parameters.contains("java.util.concurrent.TimeUnit");
        boolean timedJoin =
                owner.equals("java.lang.Thread") && target.getName().equals("join") && !parameters.isEmpty();
        return takesUnit || timedJoin;
    }

    @Test
    void noMethodIsSynchronized() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            one.getMethods().stream()
                    .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                    .forEach(method -> violations.add(method.getFullName()));
        }
        assertEquals(Set.of(), violations);
    }

    @Test
    void noFutureIsInAPublicSignature() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            if (one.getModifiers().contains(JavaModifier.PUBLIC)) {
                one.getCodeUnits().stream()
                        .filter(unit -> isExported(unit) && mentionsFuture(unit))
                        .forEach(unit -> violations.add(unit.getFullName()));
            }
        }
        assertEquals(Set.of(), violations);
    }

    private static boolean isExported(JavaCodeUnit unit) {
        return unit.getModifiers().contains(JavaModifier.PUBLIC)
                || unit.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static boolean mentionsFuture(JavaCodeUnit unit) {
        return unit.getRawReturnType().isAssignableTo(CompletionStage.class)
                || unit.getRawParameterTypes().stream().anyMatch(type -> type.isAssignableTo(CompletionStage.class));
    }

    @Test
    void servicesDependNeitherOnEachOtherNorOnATransport() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            for (String home : SERVICES) {
                if (isIn(one, home)) {
                    one.getDirectDependenciesFromSelf().stream()
                            .filter(dependency -> isForeign(dependency.getTargetClass(), home))
                            .forEach(dependency -> violations.add(dependency.getDescription()));
                }
            }
        }
        assertEquals(Set.of(), violations);
    }

    private static boolean isForeign(JavaClass target, String home) {
        return isIn(target, "dev.weft.rpc.tcp")
                || isIn(target, "dev.weft.rpc.rdma")
                || SERVICES.stream().anyMatch(other -> !other.equals(home) && isIn(target, other));
    }

    private static boolean isIn(JavaClass one, String packageName) {
        return one.getPackageName().equals(packageName) || one.getPackageName().startsWith(packageName + ".");
    }

    private static String outermost(JavaClass one) {
        String name = one.getFullName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
