package dev.weft.meta.operations;

import dev.weft.api.meta.LockFileReply;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.RenewLocksRequest;
import dev.weft.meta.schema.Locks;
import java.util.Optional;
import java.util.UUID;

/** Extends the lease of a client's locks, or ends it, which gives all of them up. */
public record RenewLocksOperation(Workplace workplace) {
    public LockFileReply run(RenewLocksRequest request) throws MetaException, InterruptedException {
        UUID client = request.caller().client();
        return workplace.store().run(tx -> {
            Locks locks = new Locks(tx, workplace.now());
            if (request.end()) {
                locks.end(client);
            } else if (!locks.renew(
                    client, workplace.now().plus(workplace.config().lockLease()))) {
                throw Workplace.fault(Kind.NOT_FOUND, "client " + client + " has no lease: its locks are lost");
            }
            return new LockFileReply(Optional.empty(), workplace.config().lockLease());
        });
    }
}
