package dev.weft.examples.greeter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class GreeterExampleTest {
    @Test
    void greetsOverTcp() throws IOException {
        assertEquals("Hello, Weft!", GreeterExample.greetOverTcp("Weft"));
    }
}
