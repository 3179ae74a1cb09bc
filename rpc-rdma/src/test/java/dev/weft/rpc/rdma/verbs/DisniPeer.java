package dev.weft.rpc.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.ibm.disni.RdmaEndpoint;
import com.ibm.disni.verbs.IbvWC;
import java.nio.charset.StandardCharsets;

/** An application that was written for DiSNI, whichever kind of endpoint it has chosen. */
interface DisniPeer {
    RdmaEndpoint endpoint();

    DisniBuffers buffers();

    /** The next completion, however it comes. */
    IbvWC nextCompletion() throws Exception;

    /** Tells the client that connects where {@code text} is, and waits until it has said that it has read it. */
    static void serve(DisniPeer peer, String text) throws Exception {
        DisniBuffers buffers = peer.buffers();
        buffers.data.put(DisniBuffers.DATA_BYTES - text.length(), text.getBytes(StandardCharsets.UTF_8));
        await(peer, DisniBuffers.RECEIVE);
        buffers.receiveAgain();
        buffers.message.putLong(0, buffers.dataRegion.getAddr());
        buffers.message.putInt(8, buffers.dataRegion.getRkey());
        buffers.message.putInt(12, text.length());
        buffers.send();
        await(peer, DisniBuffers.RECEIVE);
        finish(peer);
    }

    /** Asks the server where its text is, and reads it. */
    static String read(DisniPeer peer) throws Exception {
        DisniBuffers buffers = peer.buffers();
        buffers.send();
        await(peer, DisniBuffers.RECEIVE);
        int length = buffers.received.getInt(12);
        buffers.read(buffers.received.getLong(0), buffers.received.getInt(8));
        await(peer, DisniBuffers.READ);
        var text = new byte[length];
        buffers.data.get(DisniBuffers.DATA_BYTES - length, text);
        buffers.send();
        await(peer, DisniBuffers.SEND);
        finish(peer);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void await(DisniPeer peer, long wrId) throws Exception {
        IbvWC completion = peer.nextCompletion();
        while (completion.getWr_id() != wrId) {
            assertEquals(0, completion.getStatus());
            completion = peer.nextCompletion();
        }
        assertEquals(0, completion.getStatus());
    }

    private static void finish(DisniPeer peer) throws Exception {
        peer.buffers().free();
        peer.endpoint().close();
    }
}
