package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.kv.Bytes;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    4d56                                     | schema version
                    4d49 0000000000000007                    | inode 7
                    4d49 0000000000000007 74                 | last change of a name in directory 7
                    4d49 0000000000000007 64                 | directories in directory 7
                    4d51 0000000000000007                    | quota of directory 7
                    4d51 0000000000000007 69                 | inodes that count against the quota of directory 7
                    4d51 0000000000000007 62                 | bytes that count against the quota of directory 7
                    4d44 0000000000000001 61                 | entry of 1: "a"
                    4d58 0000000000000001 757365722e61       | extended attribute of inode 1: "user.a"
                    4d4c 0000000000000009                    | locks on inode 9
                    4d45 00000000000000010000000000000002    | locks of client 00000000000000010000000000000002
                    4d54 00000000000003e8 0000000000000009   | in the trash until 1970-01-01T00:00:01Z: inode 9
                    434f 0000000000000003                    | wished order of chain 3
                    4347 73746f72616765                      | options of role storage
                    """)
    void saysWhatAKeyMeans(String hex, String text) {
        assertEquals(Optional.of(text), KeyText.of(KeyText.parse(hex.replace(" ", ""))));
    }

    @ParameterizedTest
    @CsvSource({"4d", "4d49", "4d4900", "4d4900000000000000077a", "4d5400", "5a5a"})
    void doesNotGuess(String hex) {
        Bytes key = KeyText.parse(hex);
        assertEquals(Optional.empty(), KeyText.of(key));
    }
}
