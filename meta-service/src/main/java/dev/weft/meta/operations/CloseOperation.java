package dev.weft.meta.operations;

import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import java.util.Optional;

/** Settles a file's length, and with {@code close} ends the session of who wrote to it. */
public record CloseOperation(Workplace workplace) {
    public Inode run(CloseRequest request) throws MetaException, InterruptedException {
        if (request.writtenEnd() < -1) {
            throw Workplace.fault(Kind.INVALID, "written end " + request.writtenEnd() + " is below -1");
        }
        Settlement.After after = request.close() ? Settlement.After.CLOSED : Settlement.After.OPEN;
        return new Settlement(workplace)
                .run(new Settlement.Wanted(
                        request.inodeId(),
                        request.session(),
                        request.writtenEnd(),
                        request.truncations(),
                        after,
                        Optional.empty()));
    }
}
