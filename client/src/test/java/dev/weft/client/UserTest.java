package dev.weft.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class UserTest {
    @Test
    void theEffectiveIdsOfTheProcessCount() {
        List<String> status = List.of("Name:\tjava", "Uid:\t1\t2\t3\t4", "Gid:\t5\t6\t7\t8", "Groups:\t9 10 ");
        assertEquals(new User(2, 6, List.of(9, 10)), User.parse(status));
        assertEquals(new User(65_534, 65_534, List.of()), User.parse(List.of("Name:\tjava")));
    }

    @Test
    void aProcessWithoutFurtherGroupsHasNone() {
        assertEquals(
                List.of(),
                User.parse(List.of("Uid:\t1\t1", "Gid:\t1\t1", "Groups:\t")).groups());
    }
}
