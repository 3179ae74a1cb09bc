package dev.weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of docs/concepts/placement.md is what the code does; {@code -Dweft.golden.refresh=true} writes it anew. */
final class PlacementTableTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "concepts", "placement.md");
    private static final String BEGIN = "<!-- table: written by PlacementTableTest -->\n";
    private static final String END = "<!-- end of table -->\n";
    private static final int REPLICAS = 3;
    private static final int TARGETS = 24;

    @Test
    void theDocumentShowsTheBalanceOf5To50Nodes() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        assertTrue(begin >= BEGIN.length() && end >= begin, "marks are missing in " + DOCUMENT);
        String table = table();
        if (Boolean.getBoolean("weft.golden.refresh")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table + document.substring(end));
        } else {
            assertEquals(table, document.substring(begin, end));
        }
    }

    private static String table() {
        StringBuilder table = new StringBuilder();
        table.append(
                "| Nodes | Chains | Chains shared by two nodes: even | fewest | most | Most of a failed node\'s recovery"
                        + " on one node: even | here |\n|---|---|---|---|---|---|---|\n");
        for (int nodes = 5; nodes <= 50; nodes++) {
            Balance balance = Balance.of(PlacementProperties.nodes(
                    Placement.chains(List.of(), PlacementProperties.spare(nodes, TARGETS), REPLICAS)));
            double even = (double) TARGETS * (REPLICAS - 1) / (nodes - 1);
            assertTrue(balance.most() <= Math.floor(even) + 2, nodes + " nodes: " + balance);
            table.append(String.format(
                    "| %d | %d | %.2f | %d | %d | %.1f %% | %.1f %% |%n",
                    nodes,
                    balance.chains(),
                    even,
                    balance.least(),
                    balance.most(),
                    100.0 / (nodes - 1),
                    100.0 * balance.most() / (TARGETS * (REPLICAS - 1))));
        }
        return table.toString();
    }
}
