package dev.weft.meta.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetaPathTest {
    @Test
    void readsNames() throws MetaException {
        assertEquals(new MetaPath(true, List.of("a", "b c", "ü"), false), MetaPath.parse("/a/b c/ü"));
        assertEquals(new MetaPath(true, List.of(), true), MetaPath.parse("/"));
        assertEquals(new MetaPath(false, List.of("a", "..", "b"), true), MetaPath.parse("./a/..//./b/"));
        assertEquals(List.of("a", "."), MetaPath.parse("a/.").names());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\0b", "/\ud800"})
    void refusesWhatIsNoName(String text) {
        assertEquals(Kind.INVALID, kindOf(text));
    }

    @Test
    void namesAndPathsHaveLimits() throws MetaException {
        String longest = "ü".repeat(127) + "x";
        assertEquals(List.of(longest), MetaPath.parse("/" + longest).names());
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
