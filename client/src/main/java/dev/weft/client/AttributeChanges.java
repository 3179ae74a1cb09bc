package dev.weft.client;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.NewTime;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.SetAttributesRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What to change of a file or directory; what is not named stays.
 *
 * <pre>{@code
 * fs.setAttributes("/report", AttributeChanges.none().permissions(0640).group(7));
 * }</pre>
 */
public record AttributeChanges(
        OptionalInt permissions,
        OptionalInt owner,
        OptionalInt group,
        Optional<NewTime> accessed,
        Optional<NewTime> modified) {
    public static AttributeChanges none() {
        return new AttributeChanges(
                OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    public AttributeChanges permissions(int bits) {
        return new AttributeChanges(OptionalInt.of(bits), owner, group, accessed, modified);
    }

    public AttributeChanges owner(int id) {
        return new AttributeChanges(permissions, OptionalInt.of(id), group, accessed, modified);
    }

    public AttributeChanges group(int id) {
        return new AttributeChanges(permissions, owner, OptionalInt.of(id), accessed, modified);
    }

    public AttributeChanges accessed(Instant time) {
        return new AttributeChanges(permissions, owner, group, Optional.of(new NewTime.At(time)), modified);
    }

    public AttributeChanges modified(Instant time) {
        return new AttributeChanges(permissions, owner, group, accessed, Optional.of(new NewTime.At(time)));
    }

    /** Both times become now, by the server's clock. */
    public AttributeChanges touched() {
        Optional<NewTime> now = Optional.of(new NewTime.Now());
        return new AttributeChanges(permissions, owner, group, now, now);
    }

    SetAttributesRequest request(Credentials caller, PathAt at, UUID identity) {
        return new SetAttributesRequest(caller, at, true, permissions, owner, group, accessed, modified, identity);
    }
}
