package dev.weft.cli.trace;

import picocli.CommandLine.Command;

/** Flight recorders and what they wrote. */
@Command(
        name = "trace",
        description = {
            "Records every call of a server, and shows where the time went: when each call was begun, sent, started, answered and",
            "over, its size, peer and status, on both sides. What was said in it is not recorded."
        },
        subcommands = {
            SwitchCommand.On.class,
            SwitchCommand.Off.class,
            SwitchCommand.Status.class,
            TailCommand.class,
            TopCommand.class,
            ExportCommand.class
        },
        mixinStandardHelpOptions = true)
public final class TraceCommand {}
