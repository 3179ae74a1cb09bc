package dev.weft.bench.rpc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Plain blocking sockets and platform threads, a connection for each call in flight: the floor of one round trip. */
final class SocketPeer implements EchoPeer {
    @Override
    public int serve() throws IOException {
        @SuppressWarnings("resource") // lives as long as the process
        ServerSocket listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> accept(listening));
        return listening.getLocalPort();
    }

    private static void accept(ServerSocket listening) {
        while (true) {
            try {
                Socket socket = listening.accept();
                Thread.ofPlatform().daemon().start(() -> echo(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] frame = new byte[4 + (1 << 20)];
            while (true) {
                int length = in.readInt();
                in.readFully(frame, 4, length);
                putLength(frame, length);
                out.write(frame, 0, 4 + length);
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static void putLength(byte[] frame, int length) {
        frame[0] = (byte) (length >>> 24);
        frame[1] = (byte) (length >>> 16);
        frame[2] = (byte) (length >>> 8);
        frame[3] = (byte) length;
    }

    @Override
    public EchoClient connect(int port, int payloadBytes, int inFlight) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        List<Load.BlockingCall> calls = new ArrayList<>();
        for (int i = 0; i < inFlight; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            sockets.add(socket);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] frame = new byte[4 + payloadBytes];
            putLength(frame, payloadBytes);
            byte[] reply = new byte[payloadBytes];
            calls.add(() -> {
                out.write(frame);
                in.readFully(reply, 0, in.readInt());
            });
        }
        return new EchoClient() {
            @Override
            public void run(Load load) throws Exception {
                load.blocking(Thread.ofPlatform().factory(), calls);
            }

            @Override
            public void close() throws IOException {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        };
    }
}
