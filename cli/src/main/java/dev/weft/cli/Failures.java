package dev.weft.cli;

import dev.weft.rpc.RpcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says in one line what went wrong, in a second one what to do about it, and picks the exit code. */
final class Failures implements IExecutionExceptionHandler {
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int NO_CLUSTER = 4;
    static final int UNAVAILABLE = 69;

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        Verdict verdict = judge(failure);
        line.getErr().println("weft: " + verdict.message);
        if (!verdict.advice.isEmpty()) {
            line.getErr().println("      " + verdict.advice);
        }
        if (Boolean.getBoolean("weft.stacktraces")) {
            failure.printStackTrace(line.getErr());
        }
        return verdict.exitCode;
    }

    private static Verdict judge(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case NoClusterException e ->
                new Verdict(
                        NO_CLUSTER,
                        message,
                        "Start one with 'weft up', or name yours with --cluster or WEFT_CLUSTER. Asked: "
                                + e.address());
            case NoStoreException e ->
                new Verdict(
                        NO_CLUSTER, message, "Name its servers with --store or WEFT_STORE. Asked: " + e.addresses());
            case UnavailableException e -> new Verdict(UNAVAILABLE, message, e.advice());
            case NoSuchFileException _ ->
                new Verdict(NOT_FOUND, message + ": no such file or directory", "'weft fs ls' shows what is there.");
            case FileAlreadyExistsException _ -> new Verdict(FAILED, message + " exists already", "");
            case NotDirectoryException _ -> new Verdict(FAILED, message + " is not a directory", "");
            case DirectoryNotEmptyException _ ->
                new Verdict(FAILED, message + ": directory is not empty", "'weft fs rm -r' removes it with all in it.");
            case AccessDeniedException _ -> new Verdict(FAILED, message + ": permission denied", "");
            case UsageException _, IllegalArgumentException _ ->
                new Verdict(WRONG_USAGE, message, "'--help' shows the options.");
            case IOException _ -> new Verdict(FAILED, message, "");
            // A transport that has no device says so.
            case UncheckedIOException e -> {
                Throwable cause = e.getCause();
                yield new Verdict(FAILED, cause == null ? message : String.valueOf(cause.getMessage()), "");
            }
            case RpcException _ -> new Verdict(FAILED, message, "'weft cluster status' shows which nodes are up.");
            default ->
                new Verdict(
                        FAILED, failure.toString(), "Run with JAVA_TOOL_OPTIONS=-Dweft.stacktraces=true for details.");
        };
    }

    private record Verdict(int exitCode, String message, String advice) {}
}
