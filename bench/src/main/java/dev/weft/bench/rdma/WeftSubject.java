package dev.weft.bench.rdma;

import dev.weft.bench.rpc.Load;
import dev.weft.bench.rpc.Payload;
import dev.weft.bench.rpc.PayloadEcho;
import dev.weft.bench.rpc.PayloadEchoRpc;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import dev.weft.rpc.Peer;
import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.TransferBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Weft as a user has it: blocking calls on virtual threads, all defaults. */
final class WeftSubject implements Subject {
    private final String scheme;

    /** Of the process that is the client; it connects once. */
    private final RpcClient client = RpcClient.builder().build();

    private final Buffer local = BufferPool.shared().acquire(Operation.MEMORY_BYTES);

    WeftSubject(String scheme) {
        this.scheme = scheme;
    }

    @Override
    public String serve(String host) throws Exception {
        Buffer memory = BufferPool.shared().acquire(Operation.MEMORY_BYTES);
        PayloadEcho echo = payload -> payload;
        SharedMemory lender = () -> new SharedMemory.Lent(memory.remote(Access.READ_WRITE));
        RpcServer server = RpcServer.builder()
                .bind(PayloadEchoRpc.SERVICE, echo)
                .bind(SharedMemoryRpc.SERVICE, lender)
                .listen(scheme + "://" + host + ":0")
                .start();
        return server.addresses().getFirst().toString();
    }

    @Override
    public OptionalDouble run(String server, Operation operation, Supplier<Load> load) throws Exception {
        RemoteMemory remote =
                client.stub(SharedMemoryRpc.SERVICE, server).lend().memory();
        List<Load.BlockingCall> calls = new ArrayList<>();
        for (int i = 0; i < operation.inFlight(); i++) {
            calls.add(
                    operation.kind() == Operation.Kind.ECHO
                            ? echo(client.stub(PayloadEchoRpc.SERVICE, server), operation.bytes())
                            : batch(client.peer(server), operation, local.segment(), remote)::execute);
        }
        Map<String, Long> before = client.transportCounters();
        load.get().blocking(Thread.ofVirtual().factory(), calls);
        return downcalls(operation, before, client.transportCounters());
    }

    /** Per operation, warm-up included. */
    static OptionalDouble downcalls(Operation operation, Map<String, Long> before, Map<String, Long> after) {
        ToLongFunction<String> more =
                name -> after.getOrDefault("rdma." + name, 0L) - before.getOrDefault("rdma." + name, 0L);
        long operations = switch (operation.kind()) {
            case ECHO -> more.applyAsLong("sends");
            case READ -> more.applyAsLong("reads") / operation.pieces();
            case WRITE -> more.applyAsLong("writes") / operation.pieces();
        };
        // A sleep is poll(2), and then an event that is taken and acknowledged.
        long calls = more.applyAsLong("posts")
                + more.applyAsLong("polls")
                + more.applyAsLong("arms")
                + 3 * more.applyAsLong("sleeps");
        return operations == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) calls / operations);
    }

    private static Load.BlockingCall echo(PayloadEcho echo, int bytes) {
        Payload payload = new Payload(MemorySegment.ofArray(new byte[bytes]));
        return () -> {
            if (echo.echo(payload).bytes().byteSize() != bytes) {
                throw new IllegalStateException("not the payload");
            }
        };
    }

    static TransferBatch batch(Peer peer, Operation operation, MemorySegment local, RemoteMemory remote) {
        TransferBatch batch = peer.batch();
        for (int piece = 0; piece < operation.pieces(); piece++) {
            MemorySegment here = local.asSlice(operation.offset(piece), operation.bytes());
            RemoteMemory there = remote.slice(operation.offset(piece), operation.bytes());
            if (operation.kind() == Operation.Kind.READ) {
                batch.read(there, here);
            } else {
                batch.write(here, there);
            }
        }
        return batch;
    }
}
