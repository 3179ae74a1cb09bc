package dev.weft.bench.stream;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;

/**
 * grpc-java, in two ways: a blocking iterator over executors of virtual threads; and its best case, callbacks on the event
 * loop. Either way the server writes whenever it is ready, as it must, and the bytes go without protobuf.
 */
final class GrpcStreams implements StreamPeer {
    private static final int WINDOW_BYTES = 8 << 20;
    private static final int MESSAGE_BYTES_MAX = 16 << 20;

    private static final MethodDescriptor<byte[], byte[]> SEND = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName("bench.Pieces/send")
            .setRequestMarshaller(new RawMarshaller())
            .setResponseMarshaller(new RawMarshaller())
            .build();

    private final boolean blocking;

    GrpcStreams(boolean blocking) {
        this.blocking = blocking;
    }

    private static final class RawMarshaller implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public int serve() throws Exception {
        ServerServiceDefinition service = ServerServiceDefinition.builder("bench.Pieces")
                .addMethod(SEND, ServerCalls.asyncServerStreamingCall(GrpcStreams::send))
                .build();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .addService(service);
        return (blocking ? builder.executor(Executors.newVirtualThreadPerTaskExecutor()) : builder.directExecutor())
                .build()
                .start()
                .getPort();
    }

    private static void send(byte[] request, StreamObserver<byte[]> observer) {
        ByteBuffer order = ByteBuffer.wrap(request);
        int[] left = {order.getInt()};
        byte[] piece = new byte[order.getInt()];
        var out = (ServerCallStreamObserver<byte[]>) observer;
        out.setOnReadyHandler(() -> {
            while (left[0] > 0 && out.isReady()) {
                out.onNext(piece);
                if (--left[0] == 0) {
                    out.onCompleted();
                }
            }
        });
    }

    @Override
    public Client connect(int port) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX);
        ManagedChannel connection = (blocking ? builder : builder.directExecutor()).build();
        return (pieces, bytes, each) -> {
            byte[] order = ByteBuffer.allocate(8).putInt(pieces).putInt(bytes).array();
            if (blocking) {
                Iterator<byte[]> all =
                        ClientCalls.blockingServerStreamingCall(connection, SEND, CallOptions.DEFAULT, order);
                all.forEachRemaining(piece -> each.accept(piece.length));
            } else {
                CompletableFuture<Boolean> ended = new CompletableFuture<>();
                ClientCalls.asyncServerStreamingCall(
                        connection.newCall(SEND, CallOptions.DEFAULT), order, new Counting(each, ended));
                ended.get();
            }
        };
    }

    private record Counting(IntConsumer each, CompletableFuture<Boolean> ended) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] piece) {
            each.accept(piece.length);
        }

        @Override
        public void onError(Throwable thrown) {
            ended.completeExceptionally(thrown);
        }

        @Override
        public void onCompleted() {
            ended.complete(true);
        }
    }
}
