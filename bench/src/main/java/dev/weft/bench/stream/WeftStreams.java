package dev.weft.bench.stream;

import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StreamReader;
import java.lang.foreign.MemorySegment;

/** Weft as a user has it, all defaults: pieces taken by the thread that called, or read from a reader. */
final class WeftStreams implements StreamPeer {
    private final boolean reader;

    WeftStreams(boolean reader) {
        this.reader = reader;
    }

    @Override
    public int serve() throws Exception {
        Pieces pieces = (order, out) -> {
            Piece piece = new Piece(MemorySegment.ofArray(new byte[order.bytes()]));
            for (int i = 0; i < order.pieces(); i++) {
                out.write(piece);
            }
        };
        RpcServer server = RpcServer.builder()
                .bind(PiecesRpc.SERVICE, pieces)
                .listen("tcp://127.0.0.1:0")
                .start();
        return server.addresses().getFirst().port();
    }

    @Override
    public Client connect(int port) {
        Pieces remote = RpcClient.create().stub(PiecesRpc.SERVICE, "tcp://127.0.0.1:" + port);
        return (pieces, bytes, each) -> {
            StreamOrder order = new StreamOrder(pieces, bytes);
            if (!reader) {
                remote.send(order, piece -> each.accept((int) piece.bytes().byteSize()));
                return;
            }
            try (StreamReader<Piece> all = StreamReader.ofCall(out -> remote.send(order, out))) {
                for (Piece piece : all) {
                    each.accept((int) piece.bytes().byteSize());
                }
            }
        };
    }
}
