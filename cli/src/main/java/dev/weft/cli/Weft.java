package dev.weft.cli;

import dev.weft.cli.torture.TortureCommand;
import dev.weft.cli.trace.TraceCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Main class of the {@code weft} command. */
@Command(
        name = "weft",
        description = "Runs and uses Weft FS, a replicated file system on Weft RPC.",
        subcommands = {
            ServerCommand.class,
            UpCommand.class,
            FsCommand.class,
            GatewayCommand.class,
            ClusterCommand.class,
            FsckCommand.class,
            StorageCommand.class,
            KeyValueCommand.class,
            DemoCommand.class,
            TortureCommand.class,
            RdmaCommand.class,
            TraceCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "weft 0.1.0",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the operation failed",
            "2:the command line or configuration is wrong",
            "3:no such file or directory",
            "4:the cluster does not answer",
            "69:something is not installed, or there is no device"
        })
public final class Weft {
    private Weft() {}

    public static void main(String[] arguments) {
        Logs.configure();
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Weft());
        line.setExecutionExceptionHandler(new Failures());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }
}
