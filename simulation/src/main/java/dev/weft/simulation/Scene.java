package dev.weft.simulation;

import dev.weft.rpc.testkit.Simulation;
import dev.weft.simulation.meta.MetaParts;
import dev.weft.simulation.meta.MetaRun;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What a seed can be run on. */
enum Scene {
    /** Cluster managers and storage services. */
    STORAGE {
        @Override
        Report run(long seed, Consumer<Simulation> begun) {
            return SeedRun.run(seed, Parts.AS_THEY_ARE, begun);
        }
    },
    /** Metadata servers. */
    META {
        @Override
        Report run(long seed, Consumer<Simulation> begun) {
            return MetaRun.run(seed, MetaParts.AS_THEY_ARE, begun);
        }
    };

    /**
     * Runs one seed.
     *
     * @param begun hears of the world before anything happens in it
     * @throws AssertionError if anything is not as it has to be
     */
    abstract Report run(long seed, Consumer<Simulation> begun);

    /** The command that runs one seed again. */
    final String replay(long seed) {
        return "./weft simulate --world " + name().toLowerCase(Locale.ROOT) + " --seed " + seed;
    }

    /** @param name of one, or {@code all} */
    static List<Scene> of(String name) {
        return name.equals("all") ? List.of(values()) : List.of(valueOf(name.toUpperCase(Locale.ROOT)));
    }
}
