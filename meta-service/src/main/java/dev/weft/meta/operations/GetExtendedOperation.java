package dev.weft.meta.operations;

import dev.weft.api.meta.ExtendedAttributes;
import dev.weft.api.meta.ExtendedAttributes.Attribute;
import dev.weft.api.meta.GetExtendedRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.meta.schema.StoredEntry;
import java.util.List;

/** Reads extended attributes. */
public record GetExtendedOperation(Workplace workplace) {
    public ExtendedAttributes run(GetExtendedRequest request) throws MetaException, InterruptedException {
        if (request.name().isPresent()) {
            ExtendedNames.check(request.name().get());
        }
        return workplace.inTransaction(request.caller(), tree -> {
            StoredEntry entry = tree.find(request.at(), request.follow()).existing();
            tree.require(tree.namespace().inodeOf(entry).access(), Permissions.READ, request.at());
            List<Attribute> found = tree.namespace().extendedAttributes(entry.inodeId()).stream()
                    .filter(one -> ExtendedNames.visible(tree, one.name()))
                    .filter(one ->
                            request.name().isEmpty() || request.name().get().equals(one.name()))
                    .toList();
            if (found.isEmpty() && request.name().isPresent()) {
                throw Workplace.fault(Kind.NO_ATTRIBUTE, request.name().get() + " of " + request.at());
            }
            return new ExtendedAttributes(found);
        });
    }
}
