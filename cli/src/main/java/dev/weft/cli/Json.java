package dev.weft.cli;

import dev.weft.api.cluster.Chain;
import dev.weft.api.cluster.StatusReply;
import dev.weft.api.meta.Inode;
import java.util.ArrayList;
import java.util.List;

/** Prints what commands report as JSON. */
public final class Json {
    private final List<String> members = new ArrayList<>();

    static String of(StatusReply status) {
        List<String> nodes = status.routing().nodes().stream()
                .map(node -> new Json()
                        .put("node", node.nodeId())
                        .put("role", Names.lower(node.role()))
                        .put("alive", node.alive())
                        .raw(
                                "addresses",
                                list(node.addresses().stream().map(Json::quote).toList()))
                        .toString())
                .toList();
        List<String> chains = status.routing().chains().stream()
                .map(chain -> of(chain).toString())
                .toList();
        return new Json()
                .put("routingVersion", status.routing().version())
                .raw("nodes", list(nodes))
                .raw("chains", list(chains))
                .toString();
    }

    static Json of(Chain chain) {
        return new Json()
                .put("chain", chain.chainId())
                .put("version", chain.version())
                .raw(
                        "targets",
                        list(chain.targets().stream()
                                .map(target -> new Json()
                                        .put("target", target.targetId())
                                        .put("node", target.nodeId())
                                        .put("state", Names.lower(target.state()))
                                        .toString())
                                .toList()));
    }

    static Json of(String path, Inode inode) {
        Json json = new Json()
                .put("path", path)
                .put("type", Names.lower(inode.type()))
                .put("length", inode.length())
                .put("inode", Long.toHexString(inode.inodeId()))
                .put("permissions", Integer.toOctalString(inode.permissions()))
                .put("owner", inode.owner())
                .put("group", inode.group())
                .put("links", inode.links())
                .put("modified", inode.modified().toString())
                .put("changed", inode.changed().toString());
        inode.target().ifPresent(target -> json.put("target", target));
        inode.layout()
                .ifPresent(layout -> json.put("chunkSize", layout.chunkSize())
                        .raw(
                                "chains",
                                list(layout.chains().stream()
                                        .map(String::valueOf)
                                        .toList())));
        return json;
    }

    public Json put(String name, String value) {
        return raw(name, quote(value));
    }

    public Json put(String name, long value) {
        return raw(name, Long.toString(value));
    }

    public Json put(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    /** Adds a member whose value is JSON already. */
    public Json raw(String name, String json) {
        members.add(quote(name) + ":" + json);
        return this;
    }

    public static String list(List<String> items) {
        return "[" + String.join(",", items) + "]";
    }

    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return "{" + String.join(",", members) + "}";
    }
}
