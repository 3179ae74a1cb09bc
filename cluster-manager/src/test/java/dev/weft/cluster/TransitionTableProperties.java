package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.PublicState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Chains as they come to be: all serve at first, then reports arrive. */
final class TransitionTableProperties {
    static final int TARGETS = 3;

    private static final List<PublicState> PUBLIC = List.of(PublicState.values());
    private static final List<LocalState> LOCAL = List.of(LocalState.values());

    @Property
    void keepsItsPromisesWhateverIsReported(@ForAll @Size(max = 30) List<@Size(TARGETS) List<LocalState>> history) {
        Chain chain = allServing();
        for (List<LocalState> reports : history) {
            Chain next = TransitionTable.next(chain, Chains.reports(reports));
            check(chain, reports, next);
            chain = next;
        }
    }

    @Property
    void oneReportIsDoneWithInAFewSteps(@ForAll @Size(max = 10) List<@Size(TARGETS) List<LocalState>> history) {
        Chain chain = allServing();
        for (List<LocalState> reports : history) {
            for (int i = 0; i < TARGETS + 1; i++) {
                chain = TransitionTable.next(chain, Chains.reports(reports));
            }
            assertEquals(chain, TransitionTable.next(chain, Chains.reports(reports)));
        }
    }

    @Property
    void everythingServesAgainOnceAllAreBackAndFilled(
            @ForAll @Size(max = 20) List<@Size(TARGETS) List<LocalState>> history) {
        Chain chain = allServing();
        for (List<LocalState> reports : history) {
            chain = TransitionTable.next(chain, Chains.reports(reports));
        }
        for (int i = 0; i < 4 * TARGETS; i++) {
            // As storage does it: a target is complete when it has been filled, and not before.
            chain = TransitionTable.next(
                    chain, target -> target.state() == PublicState.SYNCING ? LocalState.UP_TO_DATE : LocalState.ONLINE);
        }
        assertEquals(Set.of(PublicState.SERVING), states(chain));
    }

    /** Every chain of up to four targets, whether it can come to be or not, with all that can be reported. */
    @Example
    void noChainHoldsWhatItMustNotWhateverItIs() {
        for (int targets = 1; targets <= 4; targets++) {
            int states = PUBLIC.size() * LOCAL.size();
            for (int number = 0; number < Math.pow(states, targets); number++) {
                List<ChainTarget> members = new ArrayList<>();
                List<LocalState> reports = new ArrayList<>();
                int rest = number;
                for (int i = 1; i <= targets; i++) {
                    int digit = rest % states;
                    rest /= states;
                    members.add(new ChainTarget(i, i, PUBLIC.get(digit / LOCAL.size())));
                    reports.add(LOCAL.get(digit % LOCAL.size()));
                }
                Chain before = new Chain(1, 1, members);
                if (count(before, PublicState.SYNCING) <= 1 && holdsNewest(before) > 0) {
                    check(before, reports, TransitionTable.next(before, Chains.reports(reports)));
                }
            }
        }
    }

    /** Acknowledged is what all have that serve: somebody of them is kept, and waited for. */
    @Property
    void whoServesNextHasEverythingThatWasAcknowledged(
            @ForAll @Size(max = 30) List<@Size(TARGETS) List<LocalState>> history) {
        Chain chain = allServing();
        // Who has all that was acknowledged: those that served when it last was, and those that were filled since.
        Set<Long> complete = ids(chain);
        for (List<LocalState> reports : history) {
            Chain next = TransitionTable.next(chain, Chains.reports(reports));
            Set<Long> serving = next.targets().stream()
                    .filter(target -> target.state() == PublicState.SERVING)
                    .map(ChainTarget::targetId)
                    .collect(Collectors.toSet());
            for (long target : serving) {
                boolean filled = stateOf(chain, target) == PublicState.SYNCING;
                assertTrue(filled || complete.contains(target), () -> "serves what is old: " + target);
            }
            if (!serving.isEmpty()) {
                complete = serving;
            }
            chain = next;
        }
    }

    private static void check(Chain before, List<LocalState> reports, Chain after) {
        assertEquals(ids(before), ids(after));
        boolean same = before.targets().equals(after.targets());
        assertEquals(before.version() + (same ? 0 : 1), after.version());

        assertTrue(holdsNewest(after) >= 1, () -> "lost the newest data: " + Chains.text(before) + " -> " + reports);
        for (ChainTarget target : after.targets()) {
            PublicState old = stateOf(before, target.targetId());
            boolean hadAll = old == PublicState.SERVING || old == PublicState.LASTSRV || old == PublicState.SYNCING;
            assertTrue(target.state() != PublicState.SERVING || hadAll, "serves without the data: " + target);
            boolean gone = Chains.reports(reports).apply(target) == LocalState.OFFLINE;
            assertTrue(
                    !gone || target.state() == PublicState.LASTSRV || target.state() == PublicState.OFFLINE,
                    "in use although gone: " + target);
        }
        assertTrue(count(after, PublicState.SYNCING) <= 1);
        assertTrue(count(after, PublicState.SERVING) == 0 || count(after, PublicState.LASTSRV) == 0);
        assertTrue(count(after, PublicState.SYNCING) == 0 || count(after, PublicState.SERVING) > 0);
        List<PublicState> order =
                after.targets().stream().map(ChainTarget::state).toList();
        assertEquals(order.stream().sorted().toList(), order);
    }

    private static Chain allServing() {
        List<ChainTarget> targets = new ArrayList<>();
        for (int i = 1; i <= TARGETS; i++) {
            targets.add(new ChainTarget(i, i, PublicState.SERVING));
        }
        return new Chain(1, 1, targets);
    }

    private static long holdsNewest(Chain chain) {
        return count(chain, PublicState.SERVING) + count(chain, PublicState.LASTSRV);
    }

    private static long count(Chain chain, PublicState state) {
        return chain.targets().stream()
                .filter(target -> target.state() == state)
                .count();
    }

    private static Set<Long> ids(Chain chain) {
        return chain.targets().stream().map(ChainTarget::targetId).collect(Collectors.toSet());
    }

    private static Set<PublicState> states(Chain chain) {
        return chain.targets().stream().map(ChainTarget::state).collect(Collectors.toSet());
    }

    private static PublicState stateOf(Chain chain, long targetId) {
        return chain.targets().stream()
                .filter(target -> target.targetId() == targetId)
                .findFirst()
                .orElseThrow()
                .state();
    }
}
