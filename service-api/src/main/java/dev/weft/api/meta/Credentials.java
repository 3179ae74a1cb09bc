package dev.weft.api.meta;

import dev.weft.serde.Serde;
import java.util.List;
import java.util.UUID;

/**
 * Who asks.
 *
 * @param client the program that asks; what it holds open or locked goes when it ends
 * @param user on whose behalf; 0 is root, to whom permissions do not apply
 * @param group that new files get
 * @param groups further groups of the user
 */
@Serde
public record Credentials(UUID client, int user, int group, List<Integer> groups) {
    public static final int ROOT = 0;

    /** As many as Linux has. */
    public static final int GROUPS_MAX = 65_536;

    public Credentials {
        if (groups.size() > GROUPS_MAX) {
            throw new IllegalArgumentException(groups.size() + " groups, at most " + GROUPS_MAX);
        }
    }

    public boolean isRoot() {
        return user == ROOT;
    }

    public boolean isIn(int ofGroup) {
        return group == ofGroup || groups.contains(ofGroup);
    }
}
