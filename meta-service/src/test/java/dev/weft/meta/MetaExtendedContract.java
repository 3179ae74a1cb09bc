package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.ExtendedAttributes;
import dev.weft.api.meta.GetExtendedRequest;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.SetExtendedRequest;
import dev.weft.api.meta.SetExtendedRequest.Mode;
import dev.weft.meta.schema.Keys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Extended attributes. */
abstract class MetaExtendedContract extends MetaAccessContract {
    private static final Credentials ANN = user(1000, 100);

    private SetExtendedRequest set(String path, String name, String value, Mode mode) {
        return set(path, name, value.getBytes(StandardCharsets.UTF_8), mode);
    }

    private SetExtendedRequest set(String path, String name, byte[] value, Mode mode) {
        MemorySegment bytes = MemorySegment.ofArray(value);
        return new SetExtendedRequest(
                caller, PathAt.of(path), false, name, Optional.of(bytes), mode, UUID.randomUUID());
    }

    private void unset(String path, String name) throws MetaException {
        meta.setExtended(new SetExtendedRequest(
                caller, PathAt.of(path), false, name, Optional.empty(), Mode.ANY, UUID.randomUUID()));
    }

    private String get(String path, String name) throws MetaException {
        ExtendedAttributes found =
                meta.getExtended(new GetExtendedRequest(caller, PathAt.of(path), false, Optional.of(name)));
        return new String(found.attributes().getFirst().value().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private List<String> attributesOf(String path) throws MetaException {
        return meta
                .getExtended(new GetExtendedRequest(caller, PathAt.of(path), false, Optional.empty()))
                .attributes()
                .stream()
                .map(ExtendedAttributes.Attribute::name)
                .toList();
    }

    @Test
    void attributesAreSetReplacedAndRemoved() throws Exception {
        Inode file = create("/f").inode();
        assertFault(Kind.NO_ATTRIBUTE, () -> get("/f", "user.a"));
        assertFault(Kind.NO_ATTRIBUTE, () -> meta.setExtended(set("/f", "user.a", "x", Mode.REPLACE)));
        SetExtendedRequest create = set("/f", "user.a", "1", Mode.CREATE);
        Inode changed = meta.setExtended(create);
        assertTrue(changed.changed().isAfter(file.changed()));
        assertEquals(changed, meta.setExtended(create), "a repetition");
        assertFault(Kind.EXISTS, () -> meta.setExtended(set("/f", "user.a", "2", Mode.CREATE)));
        meta.setExtended(set("/f", "user.a", "3", Mode.REPLACE));
        meta.setExtended(set("/f", "user.b", "", Mode.ANY));
        assertEquals("3", get("/f", "user.a"));
        assertEquals("", get("/f", "user.b"));
        assertEquals(List.of("user.a", "user.b"), attributesOf("/f"));
        unset("/f", "user.a");
        assertFault(Kind.NO_ATTRIBUTE, () -> unset("/f", "user.a"));
        assertEquals(List.of("user.b"), attributesOf("/f"));
    }

    @Test
    void attributesHaveLimits() throws MetaException {
        create("/f");
        byte[] most = new byte[64 << 10];
        meta.setExtended(set("/f", "user.a", most, Mode.ANY));
        meta.setExtended(set("/f", "user.a", most, Mode.ANY));
        assertFault(Kind.TOO_LARGE, () -> meta.setExtended(set("/f", "user.b", most, Mode.ANY)));
        assertFault(Kind.TOO_LARGE, () -> meta.setExtended(set("/f", "user.a", new byte[(64 << 10) + 1], Mode.ANY)));
        assertFault(Kind.TOO_LARGE, () -> meta.setExtended(set("/f", "user." + "n".repeat(251), "", Mode.ANY)));
        for (String name : List.of("a", "user.", "system.a", "user.\0")) {
            assertFault(Kind.INVALID, () -> meta.setExtended(set("/f", name, "", Mode.ANY)));
        }
    }

    @Test
    void attributesAreForThoseWhoMayReadAndWrite() throws MetaException {
        mkdir("/sticky");
        chmod("/sticky", 01777);
        as(ANN);
        create("/f");
        meta.setExtended(set("/f", "user.a", "x", Mode.ANY));
        assertFault(Kind.NOT_PERMITTED, () -> meta.setExtended(set("/f", "trusted.a", "x", Mode.ANY)));
        assertFault(Kind.NOT_PERMITTED, () -> meta.setExtended(set("/sticky", "user.a", "x", Mode.ANY)));
        symlink("/s", "f");
        assertFault(Kind.NOT_PERMITTED, () -> meta.setExtended(set("/s", "user.a", "x", Mode.ANY)));
        as(ROOT);
        meta.setExtended(set("/f", "trusted.a", "x", Mode.ANY));
        assertEquals(List.of("trusted.a", "user.a"), attributesOf("/f"));
        as(user(1001, 100));
        assertEquals(List.of("user.a"), attributesOf("/f"));
        assertFault(Kind.NO_ATTRIBUTE, () -> get("/f", "trusted.a"));
        assertFault(Kind.ACCESS_DENIED, () -> meta.setExtended(set("/f", "user.a", "y", Mode.ANY)));
        as(ANN);
        chmod("/f", 0600);
        as(user(1001, 100));
        assertFault(Kind.ACCESS_DENIED, () -> attributesOf("/f"));
    }

    @Test
    void attributesGoWithTheirFileAndStayWhenItIsEmptied() throws Exception {
        OpenReply opened = create("/f");
        close(opened, 5);
        meta.setExtended(set("/f", "user.a", "x", Mode.ANY));
        OpenReply emptied =
                meta.create(new CreateRequest(caller, PathAt.of("/f"), false, true, 0644, 0, 0, UUID.randomUUID()));
        assertEquals("x", get("/f", "user.a"));
        assertEquals(0, stat("/f").length());
        close(emptied, 0);
        remove("/f", RemoveRequest.Kind.UNLINK);
        assertTrue(collector.collectOnce());
        assertEquals(0, stored(Keys.extended(opened.inode().inodeId())));
    }
}
