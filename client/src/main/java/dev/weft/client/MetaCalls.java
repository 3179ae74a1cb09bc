package dev.weft.client;

import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaFault;
import dev.weft.api.meta.MetaService;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Calls the metadata service, again while it is away, and turns its faults into the JDK's exceptions. Thread-safe. */
final class MetaCalls {
    private final MetaService service;
    private final FileSystemConfig config;
    private final Environment environment;
    private final RoutingFollower follower;

    MetaCalls(MetaService service, FileSystemConfig config, Environment environment, RoutingFollower follower) {
        this.service = service;
        this.config = config;
        this.environment = environment;
        this.follower = follower;
    }

    /** One metadata operation; the request has an identity, so that repeating it does no harm. */
    @FunctionalInterface
    interface Operation<T> {
        T on(MetaService service) throws MetaException;
    }

    <T> T call(String what, Operation<T> operation) throws IOException {
        Attempts attempts = new Attempts(follower, environment, config.patience());
        try {
            while (true) {
                Exception failure;
                try {
                    return Context.current()
                            .withTimeout(config.callTimeout(), environment.clock())
                            .call(() -> operation.on(service));
                } catch (MetaException e) {
                    if (e.detail().kind() != MetaFault.Kind.BUSY) {
                        throw translate(e);
                    }
                    failure = e;
                } catch (RpcException e) {
                    if (!Attempts.mayPass(e)) {
                        throw Attempts.describe(what, e);
                    }
                    failure = e;
                }
                attempts.pause(follower.current(), what, failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(what + " was interrupted", e);
        }
    }

    private static IOException translate(MetaException e) {
        String message = e.detail().message();
        IOException translated = switch (e.detail().kind()) {
            case NOT_FOUND -> new NoSuchFileException(message);
            case EXISTS -> new FileAlreadyExistsException(message);
            case NOT_A_DIRECTORY -> new NotDirectoryException(message);
            case NOT_EMPTY -> new DirectoryNotEmptyException(message);
            case IS_A_DIRECTORY -> new FileSystemException(message, null, "is a directory");
            case INVALID -> new FileSystemException(message, null, "invalid");
            case NAME_TOO_LONG -> new FileSystemException(message, null, "name is too long");
            case NO_SPACE -> new FileSystemException(message, null, "no space left");
            case BUSY -> new FileSystemException(message, null, "busy");
        };
        translated.initCause(e);
        return translated;
    }
}
