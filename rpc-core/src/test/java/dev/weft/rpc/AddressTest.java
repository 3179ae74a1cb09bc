package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressTest {
    @Test
    void readsEachForm() {
        assertEquals(new Address("tcp", "node-1.example", 7000), Address.parse("tcp://node-1.example:7000"));
        assertEquals(new Address("tcp", "127.0.0.1", 0), Address.parse("tcp://127.0.0.1:0"));
        assertEquals(new Address("tcp", "::1", 65535), Address.parse("tcp://[::1]:65535"));
        assertEquals(new Address("rdma", "fe80::1%eth0", 1), Address.parse("rdma://[fe80::1%eth0]:1"));
        assertEquals(new Address("unix", "/run/weft.sock", 0), Address.parse("unix:/run/weft.sock"));
        assertEquals(new Address("unix", "/run/weft.sock", 0), Address.parse("unix:///run/weft.sock"));
        assertEquals(new Address("mem", "node/1", 0), Address.parse("mem://node/1"));
    }

    @Test
    void printsWhatItReads() {
        for (String text : List.of("tcp://a:1", "tcp://[::1]:80", "unix:/a b", "mem://x", "rdma://10.0.0.1:9")) {
            assertEquals(text, Address.parse(text).toString());
            assertEquals(Address.parse(text), Address.parse(Address.parse(text).toString()));
        }
    }

    @Test
    void refusesWhatIsNoAddressAndQuotesIt() {
        List<String> hostile = List.of(
                "",
                ":",
                "://",
                "tcp",
                "tcp:",
                "tcp://",
                "tcp://:80",
                "tcp://host",
                "tcp://host:",
                "tcp://host:-1",
                "tcp://host:+80",
                "tcp://host:65536",
                "tcp://host:4294967376",
                "tcp://host:080000",
                "tcp://host:8 0",
                "tcp://host:\u0664\u0662",
                "tcp://::1:80",
                "tcp://[::1]",
                "tcp://[::1]80",
                "tcp://[]:80",
                "tcp://[::1:80",
                "tcp:/host:80",
                "host:80",
                "unix:relative",
                "unix:",
                "mem://",
                "tcp://a\nb:80");
        for (String text : hostile) {
            var e = assertThrows(IllegalArgumentException.class, () -> Address.parse(text), text);
            assertTrue(String.valueOf(e.getMessage()).contains("'" + text + "'"), e.getMessage());
        }
    }

    @Test
    void refusesPortsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new Address("tcp", "a", -1));
        assertThrows(IllegalArgumentException.class, () -> new Address("tcp", "a", 65536));
    }
}
