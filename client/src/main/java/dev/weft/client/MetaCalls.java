package dev.weft.client;

import dev.weft.api.cluster.routing.RoutingFollower;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaService;
import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Calls the metadata service, again while it is away, and turns its faults into the JDK's exceptions. Thread-safe. */
final class MetaCalls {
    private final MetaService service;
    private final FileSystemConfig config;
    private final Environment environment;
    private final RoutingFollower follower;
    private final Credentials caller;

    MetaCalls(
            MetaService service,
            FileSystemConfig config,
            Environment environment,
            RoutingFollower follower,
            Credentials caller) {
        this.service = service;
        this.config = config;
        this.environment = environment;
        this.follower = follower;
        this.caller = caller;
    }

    /** Who asks. */
    Credentials caller() {
        return caller;
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
                RpcException failure;
                try {
                    return Context.current()
                            .withTimeout(config.callTimeout(), environment.clock())
                            .call(() -> operation.on(service));
                } catch (MetaException e) {
                    throw translate(e);
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
            case ACCESS_DENIED -> new AccessDeniedException(message);
            case NOT_PERMITTED -> new AccessDeniedException(message, null, "not permitted");
            case LINK_LOOP -> new FileSystemLoopException(message);
            case TOO_MANY_LINKS -> new FileSystemException(message, null, "too many links");
            case OTHER_TREE -> new FileSystemException(message, null, "leaves a tree with a quota");
            case QUOTA_EXCEEDED -> new FileSystemException(message, null, "quota exceeded");
            case NO_ATTRIBUTE -> new FileSystemException(message, null, "no such attribute");
            case TOO_LARGE -> new FileSystemException(message, null, "too large");
            case LOCKED -> new FileSystemException(message, null, "directory is locked by another client");
            case SESSION_ENDED -> new FileSystemException(message, null, "closed by the cluster");
        };
        translated.initCause(e);
        return translated;
    }
}
