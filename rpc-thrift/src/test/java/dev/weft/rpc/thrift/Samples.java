package dev.weft.rpc.thrift;

import dev.weft.rpc.thrift.generated.Choice;
import dev.weft.rpc.thrift.generated.Color;
import dev.weft.rpc.thrift.generated.Everything;
import dev.weft.rpc.thrift.generated.Point;
import dev.weft.rpc.thrift.generated.Tree;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values of the types of {@code everything.thrift}. */
final class Samples {
    private Samples() {}

    static Everything full() {
        Everything all = new Everything();
        all.setYes(true).setSmall((byte) -5).setMedium((short) -300).setNormal(Integer.MIN_VALUE);
        all.setBig(Long.MIN_VALUE)
                .setReal(-0.1)
                .setText("grüße \u4f60\ud83d\ude00")
                .setBytes(bytes(0, 255, 128, 10));
        all.setColor(Color.BLUE).setPoint(new Point(3, -4)).setChoice(Choice.points(List.of(new Point(1, 2))));
        all.setNames(List.of("a", "", "b")).setNumbers(new HashSet<>(Set.of(1, -1, 1 << 30)));
        all.setCounts(Map.of("one", 1L, "many", Long.MAX_VALUE));
        all.setNested(Map.of(7, List.of(Map.of("p", new Point(5, 6)), Map.of())));
        all.setMandatory(1).setMaybe("there").setPreset(43).setFlags(List.of(true, false, true));
        all.setColors(new HashSet<>(Set.of(Color.RED, Color.GREEN))).setGroups(Map.of("g", Set.of("x", "y")));
        all.setBlobs(List.of(bytes(1), bytes())).setPainted(Map.of(new Point(0, 0), Color.RED));
        all.setReals(List.of(Double.MAX_VALUE, Double.NEGATIVE_INFINITY)).setFar(99);
        return all;
    }

    /** Only what must be there, and what has a default. */
    static Everything empty() {
        return new Everything().setMandatory(0);
    }

    static List<Choice> choices() {
        return List.of(Choice.text("t"), Choice.number(-1), Choice.point(new Point(1, 1)), Choice.points(List.of()));
    }

    /** So many trees in one another. */
    static Tree chain(int depth) {
        Tree tree = new Tree("leaf", List.of());
        for (int i = 1; i < depth; i++) {
            tree = new Tree("node", List.of(tree));
        }
        return tree;
    }

    static ByteBuffer bytes(int... values) {
        byte[] array = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            array[i] = (byte) values[i];
        }
        return ByteBuffer.wrap(array);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
