package dev.weft.rpc.thrift;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.server.TThreadedSelectorServer;
import org.apache.thrift.transport.TNonblockingServerSocket;
import org.apache.thrift.transport.TTransportException;

/** The library's server that does not block. */
final class LibthriftSelectorServerTest extends LibthriftServerContract {
    LibthriftSelectorServerTest() {
        super(Encoding.COMPACT, new TCompactProtocol.Factory());
    }

    @Override
    Listening listen(TProcessor processor, TProtocolFactory protocols) throws TTransportException {
        TNonblockingServerSocket socket =
                new TNonblockingServerSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        TThreadedSelectorServer.Args arguments =
                new TThreadedSelectorServer.Args(socket).processor(processor).protocolFactory(protocols);
        return new Listening(new TThreadedSelectorServer(arguments), socket.getPort());
    }
}
