package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.PublicState;
import java.util.List;

/**
 * Brings chains back to their preferred order. The first target that is out of place is taken out of use, comes to the end
 * and is filled again with what it missed; once all serve, the next one follows. So there is one replica less for a moment,
 * and never two.
 */
final class Rotation {
    private Rotation() {}

    static void step(Draft draft) {
        for (int chainId : List.copyOf(draft.rotating)) {
            Chain chain = draft.chains.get(chainId);
            if (chain == null || Draft.serving(chain) == chain.targets().size()) {
                if (chain == null || !rotate(draft, chain)) {
                    draft.rotating.remove(chainId);
                }
            }
        }
    }

    /** False if the order is right already. */
    private static boolean rotate(Draft draft, Chain chain) {
        List<Long> wanted = draft.order(chain);
        for (int i = 0; i < wanted.size(); i++) {
            ChainTarget target = chain.targets().get(i);
            if (target.targetId() != wanted.get(i)) {
                draft.edit(chain.chainId(), targets -> {
                    targets.remove(target);
                    targets.add(new ChainTarget(target.targetId(), target.nodeId(), PublicState.OFFLINE));
                    return targets;
                });
                return true;
            }
        }
        return false;
    }
}
