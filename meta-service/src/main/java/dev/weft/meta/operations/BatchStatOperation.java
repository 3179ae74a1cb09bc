package dev.weft.meta.operations;

import dev.weft.api.meta.BatchStatReply;
import dev.weft.api.meta.BatchStatRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.StatRequest;
import dev.weft.api.meta.StatResult;
import java.util.ArrayList;
import java.util.List;

/** Looks many things up in one transaction. */
public record BatchStatOperation(Workplace workplace) {
    public BatchStatReply run(BatchStatRequest request) throws MetaException, InterruptedException {
        if (request.places().size() > BatchStatRequest.PLACES_MAX) {
            throw Workplace.fault(
                    Kind.INVALID, request.places().size() + " places at once, at most " + BatchStatRequest.PLACES_MAX);
        }
        return workplace.inTransaction(request.caller(), tree -> {
            List<StatResult> results = new ArrayList<>();
            for (PathAt at : request.places()) {
                results.add(result(tree, new StatRequest(request.caller(), at, request.follow())));
            }
            return new BatchStatReply(results);
        });
    }

    private static StatResult result(Tree tree, StatRequest request) {
        try {
            return new StatResult.Found(StatOperation.stat(tree, request));
        } catch (MetaException e) {
            return new StatResult.Refused(e.detail());
        }
    }
}
