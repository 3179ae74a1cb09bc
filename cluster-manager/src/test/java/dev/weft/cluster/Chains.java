package dev.weft.cluster;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.ChainTarget;
import dev.weft.api.cluster.LocalState;
import dev.weft.api.cluster.PublicState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Chains as tests write them: {@code "1:SERVING 2:SYNCING"}, reports {@code "UP_TO_DATE ONLINE"} for targets 1, 2. */
final class Chains {
    private Chains() {}

    static Chain chain(String text) {
        List<ChainTarget> targets = new ArrayList<>();
        for (String word : text.split(" ", -1)) {
            String[] parts = word.split(":", -1);
            int number = Integer.parseInt(parts[0]);
            targets.add(new ChainTarget(number, number, PublicState.valueOf(parts[1])));
        }
        return new Chain(1, 10, targets);
    }

    static String text(Chain chain) {
        return chain.targets().stream()
                .map(target -> target.targetId() + ":" + target.state())
                .collect(Collectors.joining(" "));
    }

    static Function<ChainTarget, LocalState> reports(List<LocalState> states) {
        return target -> states.get((int) target.targetId() - 1);
    }
}
