package dev.patronstream.cli.command;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.patronstream.cli.check.Check;
import dev.patronstream.cli.check.DistrictTables;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.command.option.JsonOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.JsonSchema;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.connector.check.Finding;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SignIn;
import dev.patronstream.connector.script.DatabaseScript;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands with which an installation begins: its configuration, the database's script, and whether all of it works. */
@Command
final class SetUpCommands {

    private static final int WRONG = 2;
    private static final String TEMPLATE = "patronstream.yaml";
    private static final String POLL_LATER = "# capture: {poll:";
    private static final String POLL_NOW = "capture: {poll:";
    private static final String ADMINISTRATOR = "sa";
    private static final String ACCOUNT = "patronstream";
    private static final String INDENT = " ".repeat(33);

    private final Terminal terminal;

    SetUpCommands(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description =
                    "Writes a commented configuration to fill in, never over one that is there, and beside it the JSON"
                            + " Schema with which editors complete it.",
            footer = {"", "Example: patronstream init"})
    int init(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..1",
                            defaultValue = TEMPLATE,
                            converter = Converters.File.class,
                            description = "Where to (default: ./patronstream.yaml).")
                    Path file,
            @Option(
                            names = "--poll",
                            description = "For a database whose tables may only be read: without change data capture.")
                    boolean poll) {
        try (InputStream template = Objects.requireNonNull(
                SetUpCommands.class.getResourceAsStream(TEMPLATE), "the template is in the jar")) {
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(file, poll ? text.replace(POLL_LATER, POLL_NOW) : text, CREATE_NEW, WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailedException(file + " is there already; it was left as it is", e);
        } catch (IOException e) {
            throw new CommandFailedException(file + " cannot be written: " + e.getMessage(), e);
        }
        Path schema = file.resolveSibling("patronstream.schema.json");
        writeSchema(file, schema);
        terminal.line(
                "Wrote " + file + " and " + schema + ". Fill in the database, the feed and its destination; then:");
        if (!poll) {
            terminal.line("  (where the account may have nothing but SELECT, begin with: patronstream init --poll)");
        }
        terminal.line("  export SQLSERVER_PASSWORD=... DESTINY_PASSWORD=...");
        terminal.line(
                "  patronstream sql --config " + file + " > patronstream.sql     # for the database administrator");
        terminal.line("  patronstream check --config " + file);
        terminal.line("  patronstream run --config " + file);
        return 0;
    }

    /** Writes the schema, also over an earlier one, but not through a symbolic link, which may lead to any file. */
    private static void writeSchema(Path file, Path schema) {
        try {
            Files.writeString(schema, JsonSchema.text(), CREATE, TRUNCATE_EXISTING, WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            String why = Files.isSymbolicLink(schema) ? "it is a symbolic link" : e.getMessage();
            throw new CommandFailedException(
                    "Wrote " + file + ", but " + schema + " cannot be written: " + why
                            + "; the configuration works without it, and `patronstream schema` prints it",
                    e);
        }
    }

    @Command(
            name = "schema",
            mixinStandardHelpOptions = true,
            description =
                    "Prints the JSON Schema of the configuration, for completion in editors. init writes it, too.",
            footer = {"", "Example: patronstream schema > patronstream.schema.json"})
    int schema() {
        terminal.out().print(JsonSchema.text());
        terminal.out().flush();
        return 0;
    }

    @Command(
            name = "completion",
            mixinStandardHelpOptions = true,
            description = "Prints the script by which bash and zsh complete commands and options.",
            footer = {
                "",
                "Example: patronstream completion > ~/.local/share/bash-completion/completions/patronstream",
                "In zsh:  autoload -U +X bashcompinit && bashcompinit && source FILE"
            })
    int completion() {
        terminal.out()
                .print(AutoComplete.bash("patronstream", Commands.line(terminal).setCommandName("patronstream")));
        terminal.out().flush();
        return 0;
    }

    /** What the script is for, if not to set everything up. */
    static final class Purpose {
        @Option(
                names = "--poll",
                description =
                        "Only let the account read the columns, as is enough for sqlserver.capture: {poll: {every: 5m}}"
                                + " (default where that is configured).")
        private boolean poll;

        @Option(names = "--undo", description = "Take everything back.")
        private boolean undo;

        @Option(
                names = "--before-aeries-update",
                description = "Stop the capture of the tables, so that an update of Aeries can alter them.")
        private boolean beforeAeriesUpdate;

        @Option(
                names = "--after-aeries-update",
                description =
                        "Capture the tables again, with the columns that they have and the configuration needs now.")
        private boolean afterAeriesUpdate;
    }

    @Command(
            name = "sql",
            mixinStandardHelpOptions = true,
            description = {
                "Prints the T-SQL that the database administrator runs: change data capture of the three tables with"
                        + " just the columns that the configuration needs, and an account with just the rights that"
                        + " capture uses.",
                "Connects to nothing; the text holds no password."
            },
            footer = {
                "",
                "Example: patronstream sql > patronstream.sql",
                "         patronstream sql --poll > patronstream.sql",
                "         patronstream sql --undo",
                "         patronstream sql --before-aeries-update"
            })
    int sql(
            @Mixin ConfigurationOption option,
            @Option(
                            names = "--database",
                            paramLabel = "NAME",
                            description = "Another database than the configured one.")
                    @Nullable
                    String database,
            @ArgGroup @Nullable Purpose purpose) {
        Configuration configuration = option.read(terminal, Set.of());
        DatabaseSettings settings = configuration.capture().database();
        if (settings.user().equalsIgnoreCase(ADMINISTRATOR)) {
            terminal.error()
                    .println("patronstream: sqlserver.user is sa. The connector needs an account of its own, so the"
                            + " script makes " + ACCOUNT + ": write that into "
                            + configuration.installation().file());
        }
        DatabaseScript script = new DatabaseScript(
                settings(settings, database), configuration.capture().columns());
        terminal.out()
                .print(text(script, purpose, configuration.capture().polling().isPresent()));
        terminal.out().flush();
        return 0;
    }

    private static String text(DatabaseScript script, @Nullable Purpose purpose, boolean polled) {
        if (purpose == null ? polled : purpose.poll) {
            return script.poll();
        }
        if (purpose != null && purpose.undo) {
            return script.undo();
        }
        if (purpose != null && purpose.beforeAeriesUpdate) {
            return script.beforeAeriesUpdate();
        }
        return purpose != null && purpose.afterAeriesUpdate ? script.afterAeriesUpdate() : script.enable();
    }

    private static DatabaseSettings settings(DatabaseSettings configured, @Nullable String database) {
        String name = database == null ? configured.database() : database;
        if (Text.isBlank(name) || Text.firstUnseen(name) >= 0) {
            throw new CommandFailedException("--database: name a database, like DST26000EAGLE", WRONG);
        }
        DatabaseSettings named = configured.withDatabase(name);
        return configured.user().equalsIgnoreCase(ADMINISTRATOR)
                ? named.withSignIn(SignIn.sql(ACCOUNT, Secret.of("")))
                : named;
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Tries everything that the configuration names: database, capture, rights, Kafka, registry, SFTP; says"
                        + " what is fine, what is not and what to do. Then shows schools, status tags and staff as the"
                        + " database has them. Useful before capture is on, too.",
                "Changes nothing; on the SFTP server it writes a file of its own name and deletes it."
            },
            footer = {"", "Example: patronstream check", "", "Exit codes: 0 everything works, 1 something does not."})
    int check(@Mixin ConfigurationOption option, @Mixin JsonOption json) {
        Configuration configuration = option.readAndLog(terminal, Part.values());
        if (json.isAsked()) {
            return checked(configuration);
        }
        terminal.line("Checking " + configuration.installation().file() + ", district "
                + configuration.district().name());
        terminal.line("");
        Check check = new Check(configuration, this::print);
        Optional<DistrictTables> district = check.run();
        district.ifPresent(this::print);
        terminal.line("");
        if (check.wrong() == 0) {
            terminal.line("Everything works.");
            return 0;
        }
        terminal.line(
                check.wrong() == 1
                        ? "One thing does not work: see WRONG above."
                        : check.wrong() + " things do not work: see WRONG above.");
        return 1;
    }

    private int checked(Configuration configuration) {
        List<Finding> findings = new ArrayList<>();
        Check check = new Check(configuration, findings::add);
        check.run();
        JsonOption.print(terminal, document -> {
            document.put("works", check.wrong() == 0);
            ArrayNode all = document.putArray("findings");
            findings.forEach(finding -> all.addObject()
                    .put("what", finding.what())
                    .put("state", AvroJson.word(finding.state()))
                    .put("found", finding.found())
                    .put("remedy", finding.remedy()));
        });
        return check.wrong() == 0 ? 0 : 1;
    }

    private void print(Finding finding) {
        String state =
                switch (finding.state()) {
                    case FINE -> "ok";
                    case LOOK -> "look";
                    case WRONG -> "WRONG";
                };
        Iterator<String> found = finding.found().lines().iterator();
        terminal.line(String.format("  %-22s %-6s  %s", finding.what(), state, found.hasNext() ? found.next() : ""));
        found.forEachRemaining(more -> terminal.line(INDENT + more));
        if (!finding.remedy().isEmpty()) {
            terminal.line(INDENT + "to do: " + finding.remedy());
        }
    }

    private void print(DistrictTables district) {
        section(
                "Schools: students by status, active staff, where homerooms seem to be, and the site in each feed",
                district.schools());
        section("Status tags of students (STU.TG)", district.tags());
        List<String> warnings = district.warnings();
        if (!warnings.isEmpty()) {
            section(
                    "Worth a look",
                    warnings.stream().map(warning -> "- " + warning).toList());
        }
    }

    private void section(String title, List<String> lines) {
        terminal.line("");
        terminal.line(title);
        lines.forEach(text -> terminal.line("  " + text));
    }
}
