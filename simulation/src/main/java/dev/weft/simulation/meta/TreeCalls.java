package dev.weft.simulation.meta;

import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.CreateRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.DirectoryEntry;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Inode;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.api.meta.PathAt;
import dev.weft.client.AttributeChanges;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.simulation.meta.TreeOperation.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Does operations and writes down what came of them. For one thread. */
final class TreeCalls {
    private static final System.Logger LOG = System.getLogger(TreeCalls.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final MetaWorld world;
    private final Environment environment;
    private final WeftFileSystem files;
    private final MetaService service;
    private final Credentials caller;
    private final Duration callTimeout;
    private final Duration patience;

    TreeCalls(
            MetaWorld world,
            Environment environment,
            WeftFileSystem files,
            MetaService service,
            Credentials caller,
            Duration callTimeout,
            Duration patience) {
        this.world = world;
        this.environment = environment;
        this.files = files;
        this.service = service;
        this.caller = caller;
        this.callTimeout = callTimeout;
        this.patience = patience;
    }

    private interface Step<T> {
        T take() throws IOException, MetaException, InterruptedException;
    }

    private interface Call<T> {
        T make() throws MetaException;
    }

    /** Does it; false if nobody knows what came of it. */
    boolean perform(TreeOperation operation) throws InterruptedException {
        TreeHistory.Entry entry = begin(operation);
        run(entry, () -> answer(operation), answer -> answer);
        return entry.isKnown();
    }

    /** Opens a file or makes it; empty if that was refused, or if nobody knows. */
    Optional<OpenReply> open(TreeOperation operation) throws InterruptedException {
        UUID request = identity();
        return run(
                begin(operation),
                () -> patiently(() -> switch (operation) {
                    case TreeOperation.Create(String path, boolean exclusive) ->
                        service.create(new CreateRequest(
                                caller, PathAt.of(path), exclusive, false, TreeModel.FILE_BITS, 0, 0, request));
                    case TreeOperation.Open(String path) ->
                        service.open(new OpenRequest(caller, PathAt.of(path), OpenRequest.Mode.WRITE, false, request));
                    default -> throw new IllegalArgumentException(operation + " opens nothing");
                }),
                reply -> new Answer.Seen(reply.inode()));
    }

    /** @param told whether the server is told where the file ends; else it has to ask storage */
    void close(OpenReply opened, long end, boolean told) throws InterruptedException {
        Inode inode = opened.inode();
        world.chunks.written(inode.inodeId(), end);
        CloseRequest request = new CloseRequest(
                caller, inode.inodeId(), opened.session().orElseThrow(), told ? end : -1, inode.truncations(), true);
        run(
                begin(new TreeOperation.Close(inode.inodeId(), end)),
                () -> patiently(() -> service.close(request)),
                Answer.Seen::new);
    }

    /** Lists a directory. */
    List<String> directoriesIn(String path) throws InterruptedException {
        return run(begin(new TreeOperation.List(path)), () -> files.list(path), Answer.Listed::new)
                .orElseThrow(() -> new AssertionError(path + " cannot be listed"))
                .stream()
                .filter(entry -> entry.type() == FileType.DIRECTORY)
                .map(DirectoryEntry::name)
                .toList();
    }

    private TreeHistory.Entry begin(TreeOperation operation) {
        return world.history().call(operation, Thread.currentThread().getName(), world.now());
    }

    private <T> Optional<T> run(TreeHistory.Entry entry, Step<T> step, Function<T, Answer> answer)
            throws InterruptedException {
        try {
            T result = step.take();
            world.history().answered(entry, answer.apply(result));
            world.noteMade(entry.operation);
            return Optional.of(result);
        } catch (MetaException e) {
            world.history().answered(entry, new Answer.Refused(e.detail().kind()));
        } catch (IOException e) {
            if (e.getCause() instanceof MetaException refused) {
                world.history()
                        .answered(entry, new Answer.Refused(refused.detail().kind()));
            } else {
                world.coverage().count("client.gave-up");
            }
        }
        LOG.log(System.Logger.Level.INFO, entry::toString);
        return Optional.empty();
    }

    private Answer answer(TreeOperation operation) throws IOException {
        return switch (operation) {
            case TreeOperation.Mkdir(String path) -> new Answer.Seen(files.mkdir(path, false));
            case TreeOperation.Symlink(String path, String target) -> new Answer.Seen(files.symlink(path, target));
            case TreeOperation.Link(String from, String to) -> new Answer.Seen(files.link(from, to));
            case TreeOperation.Rename(String from, String to, var mode) -> {
                files.rename(from, to, mode);
                yield new Answer.Done();
            }
            case TreeOperation.Remove(String path, var kind) -> {
                files.remove(path, kind);
                yield new Answer.Done();
            }
            case TreeOperation.Chmod(String path, int permissions) ->
                new Answer.Seen(
                        files.setAttributes(path, AttributeChanges.none().permissions(permissions)));
            case TreeOperation.Stat(String path, boolean follow) -> new Answer.Seen(files.stat(path, follow));
            case TreeOperation.List(String path) -> new Answer.Listed(files.list(path));
            case TreeOperation.Create _, TreeOperation.Open _, TreeOperation.Close _ ->
                throw new IllegalArgumentException(operation + " has more to its answer");
        };
    }

    /** As the file system does it for what it does not offer by itself: again while the service is away. */
    private <T> T patiently(Call<T> call) throws IOException, MetaException, InterruptedException {
        long deadline = environment.clock().nanoTime() + patience.toNanos();
        while (true) {
            try {
                return Context.current()
                        .withTimeout(callTimeout, environment.clock())
                        .call(call::make);
            } catch (RpcException e) {
                if (environment.clock().nanoTime() - deadline > 0) {
                    throw new IOException(e);
                }
            }
            environment.clock().sleep(PAUSE);
        }
    }

    private UUID identity() {
        return new UUID(environment.random().nextLong(), environment.random().nextLong());
    }
}
