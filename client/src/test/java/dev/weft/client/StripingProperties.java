package dev.weft.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.Layout;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class StripingProperties {
    private static final List<Integer> CHAINS = List.of(7, 3, 5);

    @Property
    void piecesCoverTheRangeInOrderAndStayInTheirChunks(
            @ForAll @IntRange(min = 16, max = 20) int shift,
            @ForAll @LongRange(min = 0, max = 1L << 40) long offset,
            @ForAll @IntRange(min = 0, max = 10 << 20) int length) {
        Layout layout = new Layout(1 << shift, CHAINS);
        long position = offset;
        for (Striping.Piece piece : Striping.cut(9, layout, offset, length)) {
            assertEquals(position - offset, piece.from());
            assertEquals(position, (long) piece.chunk().index() * layout.chunkSize() + piece.offset());
            assertEquals(CHAINS.get(piece.chunk().index() % 3), piece.chainId());
            assertTrue(piece.length() > 0 && piece.offset() + piece.length() <= layout.chunkSize());
            position += piece.length();
        }
        assertEquals(offset + length, position);
    }
}
