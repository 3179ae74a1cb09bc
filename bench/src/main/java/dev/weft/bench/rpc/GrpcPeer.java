package dev.weft.bench.rpc;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.concurrent.Executors;

/**
 * grpc-java, in two ways: blocking stubs and handlers on virtual threads, as a user of such code would write it; and its
 * best case, callbacks on the event loop. The payload goes as raw bytes, without protobuf.
 */
final class GrpcPeer implements EchoPeer {
    private static final int WINDOW_BYTES = 8 << 20;
    private static final int MESSAGE_BYTES_MAX = 16 << 20;

    private static final MethodDescriptor<byte[], byte[]> ECHO = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("bench.Echo/echo")
            .setRequestMarshaller(new RawMarshaller())
            .setResponseMarshaller(new RawMarshaller())
            .build();

    private final boolean blocking;

    GrpcPeer(boolean blocking) {
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
        ServerServiceDefinition service = ServerServiceDefinition.builder("bench.Echo")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall((byte[] request, StreamObserver<byte[]> observer) -> {
                    observer.onNext(request);
                    observer.onCompleted();
                }))
                .build();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .addService(service);
        Server server = (blocking
                        ? builder.executor(Executors.newVirtualThreadPerTaskExecutor())
                        : builder.directExecutor())
                .build()
                .start();
        return server.getPort();
    }

    @Override
    public EchoClient connect(int port, int payloadBytes, int inFlight) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX);
        ManagedChannel connection = (blocking ? builder : builder.directExecutor()).build();
        byte[] payload = new byte[payloadBytes];
        return new EchoClient() {
            @Override
            public void run(Load load) throws Exception {
                if (blocking) {
                    Load.BlockingCall call = () ->
                            require(ClientCalls.blockingUnaryCall(connection, ECHO, CallOptions.DEFAULT, payload));
                    load.blocking(Thread.ofVirtual().factory(), Collections.nCopies(load.inFlight(), call));
                } else {
                    load.async(done -> ClientCalls.asyncUnaryCall(
                            connection.newCall(ECHO, CallOptions.DEFAULT), payload, new Observer(done)));
                }
            }

            private void require(byte[] reply) {
                if (reply.length != payloadBytes) {
                    throw new IllegalStateException("not the payload");
                }
            }

            @Override
            public void close() {
                connection.shutdownNow();
            }
        };
    }

    private record Observer(Runnable done) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] value) {}

        @Override
        public void onError(Throwable thrown) {
            throw new IllegalStateException("a call failed", thrown);
        }

        @Override
        public void onCompleted() {
            done.run();
        }
    }
}
