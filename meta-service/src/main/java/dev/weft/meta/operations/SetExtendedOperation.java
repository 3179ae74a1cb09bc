package dev.weft.meta.operations;

import dev.weft.api.meta.ExtendedAttributes.Attribute;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.InodeCodec;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.SetExtendedRequest;
import dev.weft.kv.Bytes;
import dev.weft.meta.schema.MetaPath;
import dev.weft.meta.schema.StoredEntry;
import dev.weft.meta.schema.StoredInode;
import dev.weft.meta.schema.StoredRequest.Operation;
import java.util.List;

/** Sets or removes one extended attribute. */
public record SetExtendedOperation(Workplace workplace) {
    public Inode run(SetExtendedRequest request) throws MetaException, InterruptedException {
        ExtendedNames.check(request.name());
        if (request.value().isPresent() && request.value().get().byteSize() > SetExtendedRequest.VALUE_BYTES_MAX) {
            throw Workplace.fault(
                    Kind.TOO_LARGE,
                    "attribute value of " + request.value().get().byteSize() + " bytes, at most "
                            + SetExtendedRequest.VALUE_BYTES_MAX);
        }
        return workplace.once(
                request.request(),
                Operation.SET_EXTENDED,
                InodeCodec.CODEC,
                request.caller(),
                tree -> set(tree, request));
    }

    private static Inode set(Tree tree, SetExtendedRequest request) throws MetaException {
        StoredEntry entry = tree.find(request.at(), request.follow()).existing();
        StoredInode inode = tree.namespace().inodeOf(entry);
        ExtendedNames.requireMaySet(tree, request.name(), inode, request.at());
        List<Attribute> others = tree.namespace().extendedAttributes(entry.inodeId());
        boolean there = others.stream().anyMatch(one -> one.name().equals(request.name()));
        if (there && request.mode() == SetExtendedRequest.Mode.CREATE) {
            throw Workplace.fault(Kind.EXISTS, request.name() + " of " + request.at());
        }
        boolean mustBeThere = request.value().isEmpty() || request.mode() == SetExtendedRequest.Mode.REPLACE;
        if (!there && mustBeThere) {
            throw Workplace.fault(Kind.NO_ATTRIBUTE, request.name() + " of " + request.at());
        }
        if (request.value().isPresent()) {
            Bytes value = Bytes.copyOf(request.value().get());
            requireRoom(others, request.name(), value);
            tree.namespace().putExtended(entry.inodeId(), request.name(), value);
        } else {
            tree.namespace().removeExtended(entry.inodeId(), request.name());
        }
        tree.namespace().putInode(entry.inodeId(), inode.withAccess(inode.access(), tree.now()));
        return tree.seen(entry);
    }

    private static void requireRoom(List<Attribute> others, String name, Bytes value) throws MetaException {
        long total = value.length();
        total += MetaPath.utf8Length(name);
        for (Attribute other : others) {
            if (!other.name().equals(name)) {
                total += MetaPath.utf8Length(other.name()) + other.value().byteSize();
            }
        }
        if (total > SetExtendedRequest.TOTAL_BYTES_MAX) {
            throw Workplace.fault(
                    Kind.TOO_LARGE,
                    "attributes of " + total + " bytes in all, at most " + SetExtendedRequest.TOTAL_BYTES_MAX);
        }
    }
}
