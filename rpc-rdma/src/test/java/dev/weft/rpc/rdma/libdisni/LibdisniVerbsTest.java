package dev.weft.rpc.rdma.libdisni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.SVCPostSend;
import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.verbs.PostFailedException;
import dev.weft.rpc.rdma.verbs.QpSettings;
import dev.weft.rpc.rdma.verbs.SendChain;
import dev.weft.rpc.rdma.verbs.VerbsFixture;
import dev.weft.rpc.rdma.verbs.VerbsPair;
import java.io.IOException;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the provider adds to DiSNI's verbs, over those of software devices. */
class LibdisniVerbsTest {
    private final SoftwareFabric fabric = SoftwareFabric.of(Environment.system());
    private final LibdisniVerbsProvider server = over("s0", "10.0.0.1");
    private final LibdisniVerbsProvider client = over("c0", "10.0.0.2");

    private LibdisniVerbsProvider over(String device, String address) {
        var provider = fabric.host(fabric.device(device, address));
        return new LibdisniVerbsProvider(provider.verbs(), provider.cm());
    }

    private VerbsPair pair() throws IOException {
        return new VerbsPair(new VerbsFixture(
                server,
                client,
                InetAddress.ofLiteral("10.0.0.1"),
                Optional.empty(),
                Optional.empty(),
                EnumSet.allOf(VerbsFixture.Feature.class)));
    }

    @Test
    void postsChainsOfRequests() throws Exception {
        try (VerbsPair pair = pair()) {
            pair.server.receive(1, 0, 100);
            SendChain chain = client.sendChain(pair.client.qp, 2, 2);
            for (int round = 0; round < 2; round++) {
                chain.clear();
                chain.add(
                        2, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 0, pair.server.address(1000), pair.server.region.getRkey());
                chain.addSge(pair.client.address(0), 10, pair.client.region.getLkey());
                chain.addSge(pair.client.address(10), 10, pair.client.region.getLkey());
                chain.add(3, IbvSendWR.IBV_WR_SEND_WITH_IMM, IbvSendWR.IBV_SEND_SIGNALED, -7, 0, 0);
                chain.addSge(pair.client.address(0), 10, pair.client.region.getLkey());
                chain.execute();
                pair.client.success(3);
                assertEquals(-7, pair.server.success(1).getImm_data());
                pair.server.receive(1, 0, 100);
            }
            chain.free();
            assertThrows(IOException.class, chain::execute);
        }
    }

    @Test
    void changesRequestsBeforeTheyArePosted() throws Exception {
        try (VerbsPair pair = pair()) {
            SendChain chain = client.sendChain(pair.client.qp, 1, 1);
            chain.add(2, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 0, 0, 0);
            chain.addSge(0, 0, 0);
            SVCPostSend.SendWRMod request = chain.getWrMod(0);
            request.setWr_id(5);
            request.setSend_flags(IbvSendWR.IBV_SEND_SIGNALED);
            request.getRdmaMod().setRemote_addr(pair.server.address(0));
            request.getRdmaMod().setRkey(pair.server.region.getRkey());
            request.getSgeMod(0).setAddr(pair.client.address(0));
            request.getSgeMod(0).setLength(8);
            request.getSgeMod(0).setLkey(pair.client.region.getLkey());
            chain.execute();
            pair.client.success(5);
            chain.free();
        }
    }

    @Test
    void takesNoMoreRequestsThanItWasMadeFor() throws Exception {
        try (VerbsPair pair = pair()) {
            SendChain chain = client.sendChain(pair.client.qp, 1, 1);
            assertThrows(IllegalStateException.class, () -> chain.addSge(0, 0, 0));
            chain.add(1, IbvSendWR.IBV_WR_SEND, 0, 0, 0, 0);
            chain.addSge(0, 0, 0);
            assertThrows(IllegalStateException.class, () -> chain.addSge(0, 0, 0));
            assertThrows(IllegalStateException.class, () -> chain.add(2, IbvSendWR.IBV_WR_SEND, 0, 0, 0, 0));
        }
    }

    @Test
    void saysHowManyWerePostedWhereTheVerbsDo() throws Exception {
        try (VerbsPair pair = pair()) {
            var chain = client.recvChain(pair.client.qp, 500);
            for (int i = 0; i < 500; i++) {
                chain.add(i, pair.client.address(0), 10, pair.client.region.getLkey());
            }
            assertThrows(PostFailedException.class, chain::execute);
        }
    }

    @Test
    void refusesSettingsByName() {
        var settings = new QpSettings(
                4, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), 14, 7, 16);
        try (VerbsPair pair = pair()) {
            client.configure(pair.client.id, QpSettings.defaults());
            var refused = assertThrows(IOException.class, () -> client.configure(pair.client.id, settings));
            assertTrue(String.valueOf(refused.getMessage()).contains("settings"), refused.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void saysThatTheLibraryIsMissing() {
        assumeFalse(LibdisniVerbsProvider.available());
        var missing = assertThrows(IOException.class, LibdisniVerbsProvider::new);
        assertTrue(String.valueOf(missing.getMessage()).contains("libdisni"), missing.toString());
    }
}
