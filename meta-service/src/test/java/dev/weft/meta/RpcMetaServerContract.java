package dev.weft.meta;

import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MetaServiceRpc;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.spi.TransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The metadata service as clients in other processes see it. */
abstract class RpcMetaServerContract extends MetaServerContract {
    private final String listen;
    private final List<TransportProvider> transports;
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** @param transports besides those on the class path */
    RpcMetaServerContract(String listen, List<TransportProvider> transports) {
        this.listen = listen;
        this.transports = transports;
    }

    @Override
    final KeyValueStore open() {
        return new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system());
    }

    @Override
    final MetaService reach(MetaServer served) {
        RpcServer.Builder rpc =
                RpcServer.builder().bind(MetaServiceRpc.SERVICE, served).listen(listen);
        RpcClient.Builder caller =
                RpcClient.builder().config(ClientConfig.defaults().withRetry(RetryPolicy.none()));
        for (TransportProvider transport : transports) {
            rpc.transport(transport);
            caller.transport(transport);
        }
        try {
            RpcServer started = rpc.start();
            opened.add(started);
            RpcClient client = caller.build();
            opened.add(client);
            return client.stub(MetaServiceRpc.SERVICE, started.address());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    final void hangUp() {
        for (AutoCloseable one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot close " + one, e);
            }
        }
    }
}
