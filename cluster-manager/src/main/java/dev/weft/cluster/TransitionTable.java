package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.PublicState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * How a chain goes on from what its targets report.
 *
 * <pre>
 *   published   UP_TO_DATE reported   ONLINE reported       OFFLINE reported
 *   SERVING     SERVING               SERVING               LASTSRV if none serves, else OFFLINE
 *   LASTSRV     SERVING if none serves, else OFFLINE (both) LASTSRV if none serves, else OFFLINE
 *   SYNCING     SERVING               SYNCING if any serves, else WAITING      OFFLINE
 *   WAITING     WAITING               SYNCING if any serves and none syncs, else WAITING   OFFLINE
 *   OFFLINE     WAITING               as WAITING            OFFLINE
 * </pre>
 *
 * The targets are taken in the order of the rows, each group in the order of the chain, and "serves" and "syncs" mean the
 * states given so far; the new chain is in the order of the new states. So one that fails goes to the end, and writes pass
 * through all that serve before they reach the one that syncs.
 *
 * <p>Whatever was acknowledged is at every target that serves. So when all fail at once, each of them has the newest data:
 * the chain waits for any of them, and goes on from the first to come back. One that fails while others serve misses what
 * these write, and is never waited for.
 */
final class TransitionTable {
    static final Comparator<ChainTarget> BY_STATE = Comparator.comparing(ChainTarget::state);

    private TransitionTable() {}

    /** The chain after the reports: the same object if nothing changes, otherwise with the version one higher. */
    static Chain next(Chain chain, Function<ChainTarget, LocalState> reports) {
        List<ChainTarget> next = new ArrayList<>(chain.targets().size());
        for (ChainTarget target : chain.targets().stream().sorted(BY_STATE).toList()) {
            next.add(with(target, next(target.state(), reports.apply(target), next)));
        }
        if (has(next, PublicState.SERVING)) {
            next.replaceAll(
                    target -> target.state() == PublicState.LASTSRV ? with(target, PublicState.OFFLINE) : target);
        }
        next.sort(BY_STATE);
        return next.equals(chain.targets())
                ? chain
                : new Chain(chain.chainId(), chain.version() + 1, List.copyOf(next));
    }

    private static PublicState next(PublicState published, LocalState reported, List<ChainTarget> before) {
        boolean serves = has(before, PublicState.SERVING);
        boolean offline = reported == LocalState.OFFLINE;
        return switch (published) {
            // Whether one that serves makes it OFFLINE after all is seen when all have been looked at.
            case SERVING -> offline ? PublicState.LASTSRV : PublicState.SERVING;
            case LASTSRV -> {
                if (serves) {
                    yield PublicState.OFFLINE;
                }
                yield offline ? PublicState.LASTSRV : PublicState.SERVING;
            }
            case SYNCING ->
                switch (reported) {
                    case UP_TO_DATE -> PublicState.SERVING;
                    case ONLINE -> serves ? PublicState.SYNCING : PublicState.WAITING;
                    case OFFLINE -> PublicState.OFFLINE;
                };
            case WAITING, OFFLINE ->
                switch (reported) {
                    case UP_TO_DATE -> PublicState.WAITING;
                    case ONLINE ->
                        serves && !has(before, PublicState.SYNCING) ? PublicState.SYNCING : PublicState.WAITING;
                    case OFFLINE -> PublicState.OFFLINE;
                };
        };
    }

    private static boolean has(List<ChainTarget> targets, PublicState state) {
        return targets.stream().anyMatch(target -> target.state() == state);
    }

    private static ChainTarget with(ChainTarget target, PublicState state) {
        return new ChainTarget(target.targetId(), target.nodeId(), state);
    }
}
