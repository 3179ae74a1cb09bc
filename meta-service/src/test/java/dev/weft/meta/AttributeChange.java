package dev.weft.meta;

import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.NewTime;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.SetAttributesRequest;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Puts a request for other attributes together, one after the other. */
record AttributeChange(
        Credentials caller,
        PathAt at,
        OptionalInt permissions,
        OptionalInt owner,
        OptionalInt group,
        Optional<NewTime> accessed,
        Optional<NewTime> modified) {
    AttributeChange(Credentials caller, PathAt at) {
        this(
                caller,
                at,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    AttributeChange permissions(int bits) {
        return new AttributeChange(caller, at, OptionalInt.of(bits), owner, group, accessed, modified);
    }

    AttributeChange owner(int id) {
        return new AttributeChange(caller, at, permissions, OptionalInt.of(id), group, accessed, modified);
    }

    AttributeChange group(int id) {
        return new AttributeChange(caller, at, permissions, owner, OptionalInt.of(id), accessed, modified);
    }

    AttributeChange accessed(NewTime time) {
        return new AttributeChange(caller, at, permissions, owner, group, Optional.of(time), modified);
    }

    AttributeChange modified(NewTime time) {
        return new AttributeChange(caller, at, permissions, owner, group, accessed, Optional.of(time));
    }

    SetAttributesRequest request() {
        return new SetAttributesRequest(
                caller, at, true, permissions, owner, group, accessed, modified, UUID.randomUUID());
    }
}
