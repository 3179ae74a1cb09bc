package dev.weft.cli;

import picocli.CommandLine.Command;

/** Works with files and directories. */
@Command(
        name = "fs",
        description = "Works with files and directories of a cluster. Paths there are absolute.",
        subcommands = {
            PutCommand.class,
            GetCommand.class,
            CatCommand.class,
            ListCommand.class,
            StatCommand.class,
            MakeDirectoryCommand.class,
            RemoveCommand.class,
            MoveCommand.class,
            LinkCommand.class,
            ChangeModeCommand.class,
            ChangeOwnerCommand.class,
            TouchCommand.class,
            RealPathCommand.class,
            ExtendedCommand.class,
            QuotaCommand.class,
            LayoutCommand.class,
            DiskUsageCommand.class
        },
        mixinStandardHelpOptions = true)
final class FsCommand {}
