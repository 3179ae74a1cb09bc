package dev.weft.meta.operations;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.meta.Layout;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.MetaConfig;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Chooses the chains of new files: neighbours in the list of chains, each file beginning where the last one ended. */
public final class Layouts {
    private final Supplier<Routing> routing;
    private final MetaConfig config;
    private final AtomicInteger start;

    public Layouts(Supplier<Routing> routing, MetaConfig config, RandomGenerator random) {
        this.routing = routing;
        this.config = config;
        // Several servers, or one that was started again, do not all begin with the same chain.
        this.start = new AtomicInteger(random.nextInt(1 << 20));
    }

    /** @throws RpcException UNAVAILABLE while no chain can take writes */
    Layout choose(int chunkSize, int stripes) throws MetaException {
        if (chunkSize != 0 && !MetaConfig.isChunkSize(chunkSize)) {
            throw Workplace.fault(
                    Kind.INVALID,
                    "chunk size " + chunkSize + " is not a power of two from " + MetaConfig.CHUNK_SIZE_MIN + " to "
                            + MetaConfig.CHUNK_SIZE_MAX);
        }
        List<Integer> usable = new ArrayList<>();
        for (Chain chain : routing.get().chains()) {
            if (!Routing.serving(chain).isEmpty()) {
                usable.add(chain.chainId());
            }
        }
        if (usable.isEmpty()) {
            throw new RpcException(StatusCode.UNAVAILABLE, "no chain of storage targets serves yet");
        }
        if (stripes < 0 || stripes > usable.size()) {
            throw Workplace.fault(
                    Kind.INVALID, "stripes is " + stripes + ", there are " + usable.size() + " chains that serve");
        }
        int width = stripes == 0 ? Math.min(config.stripes(), usable.size()) : stripes;
        int first = start.getAndAdd(width);
        List<Integer> chains = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            chains.add(usable.get(Math.floorMod(first + i, usable.size())));
        }
        return new Layout(chunkSize == 0 ? config.chunkSize() : chunkSize, chains);
    }
}
