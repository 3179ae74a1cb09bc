package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.ConfigSet;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.NodeInfo;
import dev.weft.api.cluster.NodeRole;
import dev.weft.api.cluster.PublicState;
import dev.weft.api.cluster.RoutingInfo;
import dev.weft.api.cluster.member.HotOptions;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.rpc.Environment;
import dev.weft.storage.engine.Disk;
import dev.weft.storage.engine.DiskFile;
import dev.weft.storage.engine.DiskIndex;
import dev.weft.storage.engine.EngineOptions;
import dev.weft.storage.engine.EngineSpace;
import dev.weft.storage.engine.FileDisk;
import dev.weft.storage.engine.ReloadableEngine;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskUpkeepTest {
    @TempDir
    Path folder;

    private final Counters counters = new Counters();
    private boolean failing;

    @Test
    void aDiskThatDiesIsNoticedAndTakenBackWhenItWorksAgain() throws IOException {
        try (ReloadableEngine engine = new ReloadableEngine(
                () -> new FailingDisk(FileDisk.open(folder)),
                Thread.ofPlatform().factory(),
                EngineOptions.defaults())) {
            Environment environment = Environment.system();
            Targets targets = new Targets(
                    StorageConfig.of(1, 1, List.of(), List.of(7L)),
                    engine,
                    new TargetRecovery(engine, new ChunkLocks()),
                    new Lease(environment.clock()),
                    new Fillings(),
                    counters);
            DiskUpkeep upkeep = new DiskUpkeep(engine, targets, new HotOptions(), environment, counters);
            upkeep.round(5);
            assertEquals(1, counted("disk-checked"));
            assertFalse(targets.hasDiskFailed());

            failing = true;
            upkeep.round(9);
            assertFalse(targets.hasDiskFailed(), "only every fifth round checks");
            upkeep.round(10);
            assertTrue(targets.hasDiskFailed());
            assertEquals(1, counted("disk-failed"));
            upkeep.round(15);
            assertTrue(targets.hasDiskFailed(), "it still fails");

            failing = false;
            upkeep.round(19);
            assertTrue(targets.hasDiskFailed(), "it is not tried yet");
            upkeep.round(20);
            assertFalse(targets.hasDiskFailed());
            // What the disk lacks by now must come from others first.
            assertEquals(LocalState.OFFLINE, targets.report(0).getFirst().state());
            upkeep.round(25);
            assertEquals(2, counted("disk-checked"));
        }
    }

    @Test
    void aTargetOfADiskThatWorksAgainIsThereOnceTheClusterHasTakenNoteOfTheFailure() throws IOException {
        try (ReloadableEngine engine = new ReloadableEngine(
                () -> FileDisk.open(folder), Thread.ofPlatform().factory(), EngineOptions.defaults())) {
            Targets targets = new Targets(
                    StorageConfig.of(1, 1, List.of(), List.of(7L)),
                    engine,
                    new TargetRecovery(engine, new ChunkLocks()),
                    new Lease(Environment.system().clock()),
                    new Fillings(),
                    counters);
            targets.accept(routing(1, PublicState.OFFLINE));
            targets.accept(routing(2, PublicState.SERVING));
            assertEquals(LocalState.UP_TO_DATE, targets.report(0).getFirst().state());
            targets.diskFailed(new IOException("as the test wants"));
            targets.diskReloaded();
            assertEquals(LocalState.OFFLINE, targets.report(0).getFirst().state(), "the cluster takes it for good yet");

            targets.diskFailed(new IOException("as the test wants"));
            targets.accept(routing(3, PublicState.OFFLINE));
            assertEquals(LocalState.OFFLINE, targets.report(0).getFirst().state());
            targets.diskReloaded();
            assertEquals(LocalState.ONLINE, targets.report(0).getFirst().state());
        }
    }

    private static Routing routing(int version, PublicState state) {
        NodeInfo node = new NodeInfo(1, NodeRole.STORAGE, List.of(), true);
        Chain chain = new Chain(1, version, List.of(new ChainTarget(7, 1, state)));
        return Routing.of(new RoutingInfo(version, List.of(node), List.of(chain)));
    }

    @Test
    void limitsOfSpaceMayBeChangedWhileItRuns() throws IOException {
        HotOptions options = new HotOptions();
        try (ReloadableEngine engine = new ReloadableEngine(
                () -> FileDisk.open(folder), Thread.ofPlatform().factory(), EngineOptions.defaults())) {
            Environment environment = Environment.system();
            Targets targets = new Targets(
                    StorageConfig.of(1, 1, List.of(), List.of(7L)),
                    engine,
                    new TargetRecovery(engine, new ChunkLocks()),
                    new Lease(environment.clock()),
                    new Fillings(),
                    counters);
            DiskUpkeep upkeep = new DiskUpkeep(engine, targets, options, environment, counters);
            EngineSpace before = engine.space();
            assertFalse(before.low() || before.refusesNew());
            options.accept(new ConfigSet(NodeRole.STORAGE, 1, Map.of("low-space", "1", "refuse-new", "1")));
            assertTrue(engine.space().low() && engine.space().refusesNew());
            engine.reload();
            upkeep.round(1);
            assertTrue(engine.space().low() && engine.space().refusesNew());
            assertEquals(1, counted("space-low"));
            options.accept(new ConfigSet(NodeRole.STORAGE, 2, Map.of()));
            assertFalse(engine.space().low() || engine.space().refusesNew());
            options.accept(new ConfigSet(NodeRole.STORAGE, 3, Map.of("low-space", "101")));
            assertEquals(
                    "low-space: '101' is not a number from 1 to 100",
                    options.status().error());
        }
    }

    private long counted(String event) {
        return counters.snapshot().getOrDefault("storage." + event, 0L);
    }

    private void failIfAsked() throws IOException {
        if (failing) {
            throw new IOException("the device does not answer");
        }
    }

    /** A disk whose files fail on demand. */
    private final class FailingDisk implements Disk {
        private final Disk disk;

        FailingDisk(Disk disk) {
            this.disk = disk;
        }

        @Override
        public DiskFile file(String name) throws IOException {
            DiskFile file = disk.file(name);
            return new DiskFile() {
                @Override
                public void read(MemorySegment into, long position) throws IOException {
                    failIfAsked();
                    file.read(into, position);
                }

                @Override
                public void write(MemorySegment from, long position) throws IOException {
                    failIfAsked();
                    file.write(from, position);
                }

                @Override
                public long size() throws IOException {
                    return file.size();
                }

                @Override
                public void allocate(long size) throws IOException {
                    failIfAsked();
                    file.allocate(size);
                }

                @Override
                public void discard(long position, long length) throws IOException {
                    failIfAsked();
                    file.discard(position, length);
                }

                @Override
                public void truncate(long size) throws IOException {
                    failIfAsked();
                    file.truncate(size);
                }

                @Override
                public void force() throws IOException {
                    failIfAsked();
                    file.force();
                }
            };
        }

        @Override
        public DiskIndex index() {
            return disk.index();
        }

        @Override
        public long capacityBytes() {
            return disk.capacityBytes();
        }

        @Override
        public long freeBytes() throws IOException {
            return disk.freeBytes();
        }

        @Override
        public void close() {
            disk.close();
        }
    }
}
