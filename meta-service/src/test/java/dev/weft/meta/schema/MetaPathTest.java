package dev.weft.meta.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetaPathTest {
    @Test
    void readsNames() throws MetaException {
        assertEquals(List.of("a", "b c", "ü"), MetaPath.parse("/a/b c/ü").names());
        assertTrue(MetaPath.parse("/").isRoot());
        assertEquals("/a", MetaPath.parse("/a/b").parent().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b", "//", "/a/", "/a//b", "/.", "/a/..", "/a\0b", "/\ud800"})
    void refusesWhatIsNotAnAbsolutePath(String text) {
        assertEquals(Kind.INVALID, kindOf(text));
    }

    @Test
    void namesAndPathsHaveLimits() throws MetaException {
        String longest = "ü".repeat(127) + "x";
        assertEquals(longest, MetaPath.parse("/" + longest).name());
        assertEquals(Kind.NAME_TOO_LONG, kindOf("/" + longest + "x"));
        assertEquals(128, MetaPath.parse("/a".repeat(128)).names().size());
        assertEquals(Kind.NAME_TOO_LONG, kindOf("/a".repeat(129)));
        assertEquals(Kind.NAME_TOO_LONG, kindOf("/" + "a".repeat(1_000_000)));
    }

    private static Kind kindOf(String text) {
        return assertThrows(MetaException.class, () -> MetaPath.parse(text))
                .detail()
                .kind();
    }
}
