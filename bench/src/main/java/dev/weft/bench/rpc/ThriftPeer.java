package dev.weft.bench.rpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.TException;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.server.TThreadedSelectorServer;
import org.apache.thrift.transport.TNonblockingServerSocket;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.layered.TFramedTransport;

/**
 * Apache Thrift: TThreadedSelectorServer and blocking clients, one connection per call in flight as Thrift has it. Reads and
 * writes the messages as generated code for {@code binary echo(1: binary payload)} does.
 */
final class ThriftPeer implements EchoPeer {
    private static final TStruct ARGUMENTS = new TStruct("echo_args");
    private static final TField PAYLOAD = new TField("payload", TType.STRING, (short) 1);
    private static final TField SUCCESS = new TField("success", TType.STRING, (short) 0);

    @Override
    public int serve() throws Exception {
        TNonblockingServerSocket socket =
                new TNonblockingServerSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        TThreadedSelectorServer.Args arguments = new TThreadedSelectorServer.Args(socket)
                .protocolFactory(new TBinaryProtocol.Factory())
                .processor((TProcessor) ThriftPeer::process);
        arguments.maxReadBufferBytes = 1L << 30;
        TThreadedSelectorServer server = new TThreadedSelectorServer(arguments);
        Thread.ofPlatform().daemon().start(server::serve);
        return socket.getPort();
    }

    private static void process(TProtocol in, TProtocol out) throws TException {
        TMessage message = in.readMessageBegin();
        ByteBuffer payload = readStruct(in);
        in.readMessageEnd();
        write(out, new TMessage("echo", TMessageType.REPLY, message.seqid), SUCCESS, payload);
    }

    private static ByteBuffer readStruct(TProtocol in) throws TException {
        ByteBuffer payload = ByteBuffer.allocate(0);
        in.readStructBegin();
        TField field = in.readFieldBegin();
        while (field.type != TType.STOP) {
            payload = in.readBinary();
            in.readFieldEnd();
            field = in.readFieldBegin();
        }
        in.readStructEnd();
        return payload;
    }

    private static void write(TProtocol out, TMessage message, TField field, ByteBuffer payload) throws TException {
        out.writeMessageBegin(message);
        out.writeStructBegin(ARGUMENTS);
        out.writeFieldBegin(field);
        out.writeBinary(payload);
        out.writeFieldEnd();
        out.writeFieldStop();
        out.writeStructEnd();
        out.writeMessageEnd();
        out.getTransport().flush();
    }

    @Override
    public EchoClient connect(int port, int payloadBytes, int inFlight) throws Exception {
        byte[] payload = new byte[payloadBytes];
        List<TSocket> sockets = new ArrayList<>();
        List<Load.BlockingCall> calls = new ArrayList<>();
        for (int i = 0; i < inFlight; i++) {
            TSocket socket = new TSocket("127.0.0.1", port);
            socket.open();
            sockets.add(socket);
            TProtocol protocol = new TBinaryProtocol(new TFramedTransport(socket, 1 << 30));
            calls.add(() -> {
                write(protocol, new TMessage("echo", TMessageType.CALL, 1), PAYLOAD, ByteBuffer.wrap(payload));
                protocol.readMessageBegin();
                if (readStruct(protocol).remaining() != payloadBytes) {
                    throw new IllegalStateException("not the payload");
                }
                protocol.readMessageEnd();
            });
        }
        return new EchoClient() {
            @Override
            public void run(Load load) throws Exception {
                load.blocking(Thread.ofPlatform().factory(), calls);
            }

            @Override
            public void close() {
                sockets.forEach(TSocket::close);
            }
        };
    }
}
