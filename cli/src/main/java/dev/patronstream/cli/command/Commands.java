package dev.patronstream.cli.command;

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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;

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

    /** That the library lays help out for. */
    private static final int NARROWEST = 55;

    private final Terminal terminal;

    private Commands(Terminal terminal) {
        this.terminal = terminal;
    }

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
            return line.execute(configurationLast(arguments));
        } catch (Error e) {
            return explain(terminal, e, line);
        }
    }

    /** {@code --config FILE} may stand before the command, as in the commands that messages advise. */
    private static String[] configurationLast(String... arguments) {
        int words = arguments.length == 0
                ? 0
                : arguments[0].equals("--config") ? 2 : arguments[0].startsWith("--config=") ? 1 : 0;
        if (words == 0 || arguments.length <= words) {
            return arguments;
        }
        return Stream.concat(
                        Arrays.stream(arguments).skip(words),
                        Arrays.stream(arguments).limit(words))
                .toArray(String[]::new);
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
        Map<CommandSpec, CommandSpec> owners = new HashMap<>();
        FeedQuestions questions = new FeedQuestions(terminal);
        DeliveryCommands orders = new DeliveryCommands(terminal);
        add(line, owners, new SetUpCommands(terminal), "init", "schema", "completion", "sql", "check");
        line.addSubcommand(new RunCommand(terminal)).addSubcommand(new StatusCommand(terminal));
        add(line, owners, questions, "preview");
        add(line, owners, orders, "snapshot");
        line.addSubcommand(new DeliveriesCommand(terminal))
                .addSubcommand(new FeedsCommand(terminal))
                .addSubcommand(new AuditCommand(terminal));
        add(line, owners, questions, "explain", "problems", "reconcile");
        line.addSubcommand(new RebuildCommand(terminal));
        add(line, owners, new HoldCommands(terminal), "approve", "reject");
        add(line, owners, orders, "pause", "resume", "notify");
        line.addSubcommand(new VendorCommand(terminal)).addSubcommand(new TailCommand(terminal));
        line.getSubcommands().values().forEach(command -> command.getCommandSpec()
                .versionProvider(new Version()));
        line.setCommandName(TypedName.get());
        nameAsTyped(line);
        setWidth(line, terminal.environment().get("COLUMNS"));
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.error(), true, StandardCharsets.UTF_8));
        line.setExecutionExceptionHandler((failure, failed, parsed) -> explain(terminal, failure, line));
        line.setExecutionStrategy(parsed -> execute(parsed, owners));
        line.setParameterExceptionHandler((failure, arguments) -> explain(failure));
        return line;
    }

    /** The help is as wide as the variable says, or else the terminal, or else 80 characters. */
    private static void setWidth(CommandLine line, @Nullable String columns) {
        if (columns != null && columns.matches("[1-9]\\d{0,3}")) {
            line.setUsageHelpWidth(Math.max(NARROWEST, Integer.parseInt(columns)));
        } else {
            line.setUsageHelpAutoWidth(true);
        }
    }

    /** Adds commands that are methods of one object, and notes whose they are. */
    private static void add(CommandLine line, Map<CommandSpec, CommandSpec> owners, Object methods, String... names) {
        CommandLine owner = new CommandLine(methods).setCommandName(TypedName.get());
        for (String name : names) {
            CommandLine command = owner.getSubcommands().get(name);
            line.addSubcommand(name, command);
            owners.put(command.getCommandSpec(), owner.getCommandSpec());
        }
    }

    /** A method is called on the object of its parent, which while arguments are parsed is another one. */
    private static int execute(CommandLine.ParseResult parsed, Map<CommandSpec, CommandSpec> owners) {
        CommandSpec command = last(parsed);
        Optional.ofNullable(owners.get(command)).ifPresent(command::parent);
        return new CommandLine.RunLast().execute(parsed);
    }

    private static CommandSpec last(CommandLine.ParseResult parsed) {
        return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed.commandSpec();
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
        if (command.getParent() == null && !(failure instanceof CommandLine.UnmatchedArgumentException)) {
            command.usage(error);
        } else {
            CommandLine.UnmatchedArgumentException.printSuggestions(failure, error);
            error.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return WRONG;
    }

    private static int explain(Terminal terminal, Throwable thrown, CommandLine line) {
        // An Error of a command that is a method comes in an exception of picocli's.
        Throwable failure = thrown instanceof CommandLine.ExecutionException && thrown.getCause() instanceof Error error
                ? error
                : thrown;
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
            return disks(line)
                    .map(disks -> disks.why(message, failure))
                    .orElseGet(() -> Disks.answered(message, failure));
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
        CommandSpec command = last(line.getParseResult());
        return Stream.concat(Stream.of(command), command.mixins().values().stream())
                .map(CommandSpec::userObject)
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
