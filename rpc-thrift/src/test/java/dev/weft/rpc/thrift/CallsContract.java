package dev.weft.rpc.thrift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.thrift.generated.Calls;
import dev.weft.rpc.thrift.generated.Choice;
import dev.weft.rpc.thrift.generated.Everything;
import dev.weft.rpc.thrift.generated.NotFound;
import dev.weft.rpc.thrift.generated.Other;
import dev.weft.rpc.thrift.generated.Refused;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.thrift.TApplicationException;
import org.junit.jupiter.api.Test;

/** What every pair of a client and a server has to do, in each encoding. */
abstract class CallsContract {
    abstract Calls.Iface calls() throws Exception;

    /** The second service of the same server. */
    abstract Other.Iface other() throws Exception;

    /** A client of a service that has no method {@code find}. */
    abstract Calls.Iface unknown() throws Exception;

    abstract void assertUnknownMethod(Exception thrown);

    abstract void assertInternal(Exception thrown, String part);

    @Test
    void everyTypeArrivesAsItWasSent() throws Exception {
        Everything sent = Samples.full();
        assertEquals(sent, calls().echo(sent));
        for (Choice choice : Samples.choices()) {
            Everything one = Samples.empty().setChoice(choice);
            assertEquals(choice, calls().echo(one).getChoice());
        }
    }

    @Test
    void whatIsNotSetStaysSoAndDefaultsAreThere() throws Exception {
        Everything back = calls().echo(Samples.empty());
        assertEquals(Samples.empty(), back);
        assertFalse(back.isSetMaybe());
        assertFalse(back.isSetAbsent());
        assertFalse(back.isSetNames());
        assertEquals(42, back.getPreset());
    }

    @Test
    void valuesAndVoidComeBack() throws Exception {
        Calls.Iface calls = calls();
        assertEquals(5, calls.add(2, 3));
        calls.nothing();
        assertEquals("1.0", calls.version());
        assertEquals("found it", calls.find("it"));
        calls.check(true);
    }

    @Test
    void declaredExceptionsComeBackAsThemselves() throws Exception {
        Calls.Iface calls = calls();
        NotFound missing = assertThrows(NotFound.class, () -> calls.find("missing"));
        assertEquals("missing", missing.what);
        assertEquals(404, missing.code);
        assertEquals("not for you", assertThrows(Refused.class, () -> calls.find("forbidden")).why);
        assertEquals("not fine", assertThrows(Refused.class, () -> calls.check(false)).why);
        assertEquals(3, calls.add(1, 2), "the client is of use after that");
    }

    @Test
    void oneWayCallsAreServedInTheirOrder() throws Exception {
        Calls.Iface calls = calls();
        calls.note("first");
        calls.note("second");
        awaitNotes(calls, List.of("first", "second"));
    }

    /** Over Weft a one-way call is not waited for by the next one. */
    static void awaitNotes(Calls.Iface calls, List<String> expected) throws Exception {
        long begun = System.nanoTime();
        while (calls.notes().size() < expected.size() && System.nanoTime() - begun < 30_000_000_000L) {
            Thread.onSpinWait();
        }
        assertEquals(expected, calls.notes().stream().sorted().toList());
    }

    @Test
    void bytesOfAnyLengthComeBack() throws Exception {
        Calls.Iface calls = calls();
        for (int length : List.of(0, 1, 127, 128, 65_535, 65_536, 1 << 20, 5_000_001)) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (i * 31 + (i >> 8));
            }
            ByteBuffer back = calls.blob(ByteBuffer.wrap(bytes));
            assertEquals(ByteBuffer.wrap(bytes), back, length + " bytes");
        }
    }

    @Test
    void anUnknownMethodIsRefusedByName() throws Exception {
        Calls.Iface unknown = unknown();
        assertUnknownMethod(assertThrows(Exception.class, () -> unknown.find("it")));
    }

    @Test
    void whatTheHandlerDoesNotDeclareIsAnInternalError() throws Exception {
        Calls.Iface calls = calls();
        assertInternal(assertThrows(Exception.class, () -> calls.fail("unchecked")), "");
        assertInternal(assertThrows(Exception.class, () -> calls.fail("undeclared")), "");
        assertEquals(4, calls.fail("none"), "the client is of use after that");
    }

    @Test
    void anApplicationExceptionOfTheHandlerComesBack() throws Exception {
        Calls.Iface calls = calls();
        TApplicationException thrown = assertThrows(TApplicationException.class, () -> calls.fail("application"));
        assertEquals(TApplicationException.MISSING_RESULT, thrown.getType());
    }

    @Test
    void aResultThatIsNullIsMissing() throws Exception {
        Calls.Iface calls = calls();
        TApplicationException thrown = assertThrows(TApplicationException.class, calls::nullResult);
        assertEquals(TApplicationException.MISSING_RESULT, thrown.getType());
    }

    @Test
    void severalServicesAreToldApart() throws Exception {
        assertEquals("the other", other().whoAreYou());
        assertEquals(-1, other().add(2, 3));
        assertEquals(5, calls().add(2, 3));
    }

    @Test
    void manyCallsInARow() throws Exception {
        Calls.Iface calls = calls();
        for (int i = 0; i < 500; i++) {
            assertEquals(i + 1, calls.add(i, 1));
        }
        assertTrue(true);
    }
}
