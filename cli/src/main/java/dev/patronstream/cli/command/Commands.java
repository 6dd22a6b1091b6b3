package dev.patronstream.cli.command;

import dev.patronstream.cli.command.delivery.ApproveCommand;
import dev.patronstream.cli.command.delivery.DeliveriesCommand;
import dev.patronstream.cli.command.delivery.NotifyCommand;
import dev.patronstream.cli.command.delivery.PauseCommand;
import dev.patronstream.cli.command.delivery.PreviewCommand;
import dev.patronstream.cli.command.delivery.ReconcileCommand;
import dev.patronstream.cli.command.delivery.RejectCommand;
import dev.patronstream.cli.command.delivery.ResumeCommand;
import dev.patronstream.cli.command.delivery.SnapshotCommand;
import dev.patronstream.cli.command.delivery.VendorCommand;
import dev.patronstream.cli.command.option.DiskWriter;
import dev.patronstream.cli.config.InvalidConfigurationException;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.cli.run.Disks;
import dev.patronstream.cli.run.ErrorWords;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.cli.screen.TypedName;
import dev.patronstream.schemas.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** All commands, and what they share: exit codes, and one message in place of a stack trace. */
@Command(
        name = "patronstream",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        description = "Aeries' students, schools and staff as a change stream, delivered to library vendors.",
        footer = {
            "",
            "Example: patronstream demo",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 held for approval, 4 another",
            " process has taken over."
        })
public final class Commands implements Runnable {

    private static final int FAILED = 1;
    private static final int WRONG = 2;

    private final Terminal terminal;

    private Commands(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs a command line; returns the exit code. */
    public static int run(Terminal terminal, String... arguments) {
        for (String argument : arguments) {
            String seen = Text.printable(argument);
            if (!argument.equals(seen)) {
                say(
                        terminal,
                        "The argument '" + seen + "' holds characters that nobody sees; type it again without them");
                return WRONG;
            }
        }
        CommandLine line = line(terminal);
        try {
            return line.execute(arguments);
        } catch (Error e) {
            return explain(terminal, e, line);
        }
    }

    static CommandLine line(Terminal terminal) {
        Logging.toScreen(terminal.screen());
        CommandLine line = new CommandLine(new Commands(terminal));
        try {
            for (FurtherCommands further : ServiceLoader.load(FurtherCommands.class)) {
                further.commands(terminal).forEach(line::addSubcommand);
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            say(
                    terminal,
                    "The commands demo and sandbox are missing: their jar does not fit this installation ("
                            + e.getMessage() + "). Install both together, or delete the jar");
        }
        line.addSubcommand(new InitCommand(terminal))
                .addSubcommand(new SchemaCommand(terminal))
                .addSubcommand(new SqlCommand(terminal))
                .addSubcommand(new CheckCommand(terminal))
                .addSubcommand(new RunCommand(terminal))
                .addSubcommand(new StatusCommand(terminal))
                .addSubcommand(new PreviewCommand(terminal))
                .addSubcommand(new SnapshotCommand(terminal))
                .addSubcommand(new DeliveriesCommand(terminal))
                .addSubcommand(new AuditCommand(terminal))
                .addSubcommand(new ExplainCommand(terminal))
                .addSubcommand(new ProblemsCommand(terminal))
                .addSubcommand(new ReconcileCommand(terminal))
                .addSubcommand(new RebuildCommand(terminal))
                .addSubcommand(new ApproveCommand(terminal))
                .addSubcommand(new RejectCommand(terminal))
                .addSubcommand(new PauseCommand(terminal))
                .addSubcommand(new ResumeCommand(terminal))
                .addSubcommand(new NotifyCommand(terminal))
                .addSubcommand(new VendorCommand(terminal))
                .addSubcommand(new TailCommand(terminal));
        line.getSubcommands().values().forEach(command -> command.getCommandSpec()
                .versionProvider(new Version()));
        line.setCommandName(TypedName.get());
        nameAsTyped(line);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.error(), true, StandardCharsets.UTF_8));
        line.setExecutionExceptionHandler((failure, failed, parsed) -> explain(terminal, failure, line));
        line.setParameterExceptionHandler((failure, arguments) -> explain(failure));
        return line;
    }

    /** In the examples of the help. */
    private static void nameAsTyped(CommandLine line) {
        CommandLine.Model.UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.footer(Stream.of(usage.footer()).map(TypedName::in).toArray(String[]::new));
        line.getSubcommands().values().forEach(Commands::nameAsTyped);
    }

    /** Without a command: shows them, and fails, since nothing was done. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(line(terminal), "Name a command.");
    }

    /** The help of a command is longer than a screen, and what is wrong would stand above it. */
    private static int explain(CommandLine.ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter error = command.getErr();
        error.println("patronstream: " + Text.lines(String.valueOf(failure.getMessage())));
        if (command.getParent() == null) {
            command.usage(error);
        } else {
            CommandLine.UnmatchedArgumentException.printSuggestions(failure, error);
            error.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return WRONG;
    }

    private static int explain(Terminal terminal, Throwable failure, CommandLine line) {
        terminal.screen().endLive();
        if (failure.getCause() != null && terminal.stop().get().isSignalled()) {
            // While a process ends, libraries refuse to start: that is no failure of theirs, nor of the command.
            LoggerFactory.getLogger("command").atInfo().setCause(failure).log("Broken off by a stop");
            say(terminal, "Stopped.");
            return FAILED;
        }
        if (failure instanceof InvalidConfigurationException) {
            say(terminal, String.valueOf(failure.getMessage()));
            return WRONG;
        }
        try {
            LoggerFactory.getLogger("command").atError().setCause(failure).log("The command failed");
        } catch (Error unwritten) {
            // What keeps it from the log must not keep it from the screen.
        }
        say(terminal, withDisk(message(failure), failure, line));
        return failure instanceof CommandFailedException known ? known.exitCode() : FAILED;
    }

    private static String withDisk(String message, Throwable failure, CommandLine line) {
        try {
            if (failure instanceof CommandFailedException known && known.exitCode() != FAILED) {
                return message;
            }
            String answered = Disks.answered(message, failure);
            return disks(line).map(disks -> disks.why(answered)).orElse(answered);
        } catch (Error unasked) {
            return message;
        }
    }

    private static String message(Throwable failure) {
        if (failure instanceof CommandFailedException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof UncheckedIOException file) {
            return file.getMessage() + ": " + reason(file.getCause());
        }
        if (failure instanceof Error) {
            return ErrorWords.of(failure);
        }
        return "unexpected failure: "
                + failure.getClass().getSimpleName()
                + (failure.getMessage() == null ? "" : ": " + failure.getMessage())
                + ". The log file has the details.";
    }

    /** Returns the disks that the command writes to, if it knows them already. */
    private static Optional<Disks> disks(CommandLine line) {
        CommandLine.ParseResult parsed = line.getParseResult();
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        CommandLine.Model.CommandSpec command = parsed.commandSpec();
        return Stream.concat(Stream.of(command), command.mixins().values().stream())
                .map(CommandLine.Model.CommandSpec::userObject)
                .filter(DiskWriter.class::isInstance)
                .findFirst()
                .flatMap(writer -> ((DiskWriter) writer).disks());
    }

    private static void say(Terminal terminal, String message) {
        terminal.error().println("patronstream: " + Text.lines(TypedName.in(message)));
    }

    /** What the operating system said, in words: the message of some of these exceptions is the file's name alone. */
    private static String reason(IOException failure) {
        if (failure instanceof FileSystemException file) {
            String kind = failure.getClass().getSimpleName().replaceFirst("Exception$", "");
            return Optional.ofNullable(file.getReason())
                    .orElseGet(() -> kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT));
        }
        return String.valueOf(failure.getMessage());
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Commands.class.getPackage().getImplementationVersion();
            return new String[] {
                "patronstream " + (version == null ? "(not packaged)" : version),
                "Java " + Runtime.version() + ", " + System.getProperty("os.name")
            };
        }
    }
}
