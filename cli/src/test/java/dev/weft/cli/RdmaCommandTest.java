package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.Environment;
import dev.weft.rpc.rdma.software.SoftwareFabric;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class RdmaCommandTest {
    @Test
    void listsDevicesWithPortsAndLimits() {
        Outcome outcome = Outcome.of("rdma", "devices", "--provider", "software");
        assertEquals(0, outcome.exitCode(), outcome.errors());
        assertTrue(outcome.output().startsWith("provider software\n\nsoft0\n"), outcome.output());
        assertTrue(outcome.output().contains("  port 1           active, ethernet, speed unknown\n"), outcome.output());
        assertTrue(outcome.output().contains("    pkeys          0xffff\n"), outcome.output());
        assertTrue(outcome.output().contains("::ffff:127.0.0.1"), outcome.output());
    }

    @Test
    void listsThemForMachines() {
        Outcome outcome = Outcome.of("rdma", "devices", "--provider", "software", "--json");
        assertEquals(0, outcome.exitCode(), outcome.errors());
        assertTrue(outcome.output().startsWith("[{\"name\":\"soft0\",\"nodeGuid\":\""), outcome.output());
        assertTrue(outcome.output().contains("\"state\":\"active\""), outcome.output());
        assertTrue(outcome.output().endsWith("\"address\":\"0:0:0:0:0:0:0:1\"}]}]}]\n"), outcome.output());
    }

    @Test
    void saysWhatToDoWhereThereIsNoDevice() {
        try (VerbsProvider none = SoftwareFabric.of(Environment.system()).host()) {
            UnavailableException e = assertThrows(UnavailableException.class, () -> RdmaCommand.requireDevices(none));
            assertTrue(e.advice().contains("rdma-lab/run"), e.advice());
        }
    }

    @Test
    void refusesAProviderThatItDoesNotKnow() {
        Outcome outcome = Outcome.of("rdma", "devices", "--provider", "carrier-pigeon");
        assertEquals(Failures.WRONG_USAGE, outcome.exitCode());
        assertTrue(outcome.errors().contains("ffm"), outcome.errors());
    }

    @Test
    @Tag("rdma")
    void listsTheDevicesOfTheSystem() {
        Outcome outcome = Outcome.of("rdma", "devices");
        assertEquals(0, outcome.exitCode(), outcome.errors());
        assertTrue(outcome.output().startsWith("provider ffm\n\nrdma"), outcome.output());
        assertTrue(outcome.output().contains(" 10.0.0.1\n"), outcome.output());
        assertTrue(outcome.output().contains(" Gb/sec ("), outcome.output());
    }
}
