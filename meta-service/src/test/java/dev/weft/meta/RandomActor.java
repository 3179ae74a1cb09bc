package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.LinkRequest;
import dev.weft.api.meta.ListRequest;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault.Kind;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.MkdirRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.RenameRequest;
import dev.weft.api.meta.StatRequest;
import dev.weft.api.meta.SymlinkRequest;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Does things at random on a small tree, to the server and to the model if there is one; both must answer the same. */
final class RandomActor {
    private static final List<Credentials> CALLERS =
            List.of(MetaFixture.ROOT, MetaFixture.user(1, 10), MetaFixture.user(2, 10), MetaFixture.user(3, 20, 10));

    private static final List<Integer> PERMISSIONS =
            List.of(0777, 0777, 0777, 0755, 0775, 01777, 02775, 0700, 0770, 0711, 0744, 06755);

    /** Not into the trash, which is one more place in the tree. */
    private static final List<RemoveRequest.Kind> KINDS =
            List.of(RemoveRequest.Kind.UNLINK, RemoveRequest.Kind.RMDIR, RemoveRequest.Kind.RECURSIVE);

    private final MetaService meta;
    private final Random random;
    private final Optional<TreeModel> model;

    RandomActor(MetaService meta, Random random, Optional<TreeModel> model) {
        this.meta = meta;
        this.random = random;
        this.model = model;
    }

    private interface Step {
        Object run() throws MetaException;
    }

    private interface Expectation {
        Object of(TreeModel tree) throws TreeModel.Refused;
    }

    private interface Change {
        void to(TreeModel tree) throws TreeModel.Refused;
    }

    void act() {
        Credentials who = pick(CALLERS);
        String path = path();
        String to = path();
        PathAt at = PathAt.of(path);
        int permissions = pick(PERMISSIONS);
        UUID id = UUID.randomUUID();
        switch (random.nextInt(16)) {
            case 0, 1 -> {
                boolean exclusive = random.nextBoolean();
                boolean truncate = random.nextBoolean();
                change(
                        () -> meta.create(
                                new CreateRequest(who, at, exclusive, truncate, permissions & 0777, 0, 0, id)),
                        tree -> tree.create(who, path, exclusive, truncate, permissions & 0777));
            }
            case 2, 3, 4 ->
                change(
                        () -> meta.mkdir(new MkdirRequest(who, at, false, permissions, id)),
                        tree -> tree.mkdir(who, path, permissions));
            case 5 -> {
                String target = random.nextInt(4) == 0 ? ".." + to : random.nextBoolean() ? to : to.substring(1);
                change(
                        () -> meta.symlink(new SymlinkRequest(who, at, target, id)),
                        tree -> tree.symlink(who, path, target));
            }
            case 6 ->
                change(() -> meta.link(new LinkRequest(who, at, PathAt.of(to), id)), tree -> tree.link(who, path, to));
            case 7, 8 -> {
                RemoveRequest.Kind kind = pick(KINDS);
                change(() -> remove(new RemoveRequest(who, at, kind, id)), tree -> tree.remove(who, path, kind));
            }
            case 9, 10, 11 -> {
                RenameRequest.Mode mode = pick(List.of(RenameRequest.Mode.values()));
                change(
                        () -> rename(new RenameRequest(who, at, PathAt.of(to), mode, id)),
                        tree -> tree.rename(who, path, to, mode));
            }
            case 12 ->
                change(
                        () -> meta.setAttributes(new AttributeChange(who, at)
                                .permissions(permissions)
                                .request()),
                        tree -> tree.chmod(who, path, permissions));
            case 13 -> {
                int owner = pick(CALLERS).user();
                int group = pick(CALLERS).group();
                change(
                        () -> meta.setAttributes(new AttributeChange(who, at)
                                .owner(owner)
                                .group(group)
                                .request()),
                        tree -> tree.chown(who, path, owner, group));
            }
            case 14 -> {
                boolean follow = random.nextBoolean();
                check(
                        () -> describe(meta.stat(new StatRequest(who, at, follow))),
                        tree -> tree.stat(who, path, follow).toString());
            }
            default -> check(() -> names(who, at), tree -> tree.list(who, path));
        }
    }

    static String describe(Inode inode) {
        return inode.type() + " " + Integer.toOctalString(inode.permissions()) + " " + inode.owner() + ":"
                + inode.group() + " x" + inode.links() + " " + inode.target().orElse("");
    }

    private List<String> names(Credentials who, PathAt at) throws MetaException {
        return meta.list(new ListRequest(who, at, "", 1000, false)).entries().stream()
                .map(DirectoryEntry::name)
                .toList();
    }

    private Object remove(RemoveRequest request) throws MetaException {
        meta.remove(request);
        return "";
    }

    private Object rename(RenameRequest request) throws MetaException {
        meta.rename(request);
        return "";
    }

    private void change(Step step, Change expected) {
        check(
                () -> {
                    step.run();
                    return "done";
                },
                tree -> {
                    expected.to(tree);
                    return "done";
                });
    }

    private void check(Step step, Expectation expected) {
        Object outcome = outcome(step);
        if (model.isPresent()) {
            assertEquals(expected(expected, model.get()), outcome);
        }
    }

    private static Object outcome(Step step) {
        try {
            return step.run();
        } catch (MetaException e) {
            return e.detail().kind();
        } catch (RpcException e) {
            // Too many others at the same place: nothing was done.
            assertEquals(StatusCode.ABORTED, e.code());
            return Kind.BUSY;
        }
    }

    private static Object expected(Expectation expected, TreeModel tree) {
        try {
            return expected.of(tree);
        } catch (TreeModel.Refused e) {
            return e.kind;
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
            path.append('/').append(random.nextInt(20) == 0 ? ".." : String.valueOf((char) ('a' + random.nextInt(3))));
        }
        return path.toString();
    }
}
