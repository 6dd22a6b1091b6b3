package dev.patronstream.cli.command;

import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.script.DatabaseScript;
import dev.patronstream.schemas.Text;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sql}: what the database's administrator runs. Connects to nothing. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the T-SQL that the database administrator runs: change data capture of the three tables with just the"
                    + " columns that the configuration needs, and an account with just the rights that capture uses.",
            "Connects to nothing; the text holds no password."
        },
        footer = {
            "",
            "Example: patronstream sql > patronstream.sql",
            "         patronstream sql --undo",
            "         patronstream sql --before-aeries-update"
        })
final class SqlCommand extends ConfiguredCommand {

    private static final int WRONG = 2;
    private static final String ADMINISTRATOR = "sa";
    private static final String ACCOUNT = "patronstream";

    @Option(names = "--database", paramLabel = "NAME", description = "Another database than the configured one.")
    private @Nullable String database;

    @ArgGroup
    private @Nullable Purpose purpose;

    /** What the script is for, if not to set everything up. */
    static final class Purpose {
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

    SqlCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Configuration configuration = option.read(terminal, Set.of());
        DatabaseSettings settings = configuration.capture().database();
        if (settings.user().equalsIgnoreCase(ADMINISTRATOR)) {
            terminal.error()
                    .println(
                            "patronstream: sqlserver.user is sa. The connector needs an account of its own, so the script"
                                    + " makes " + ACCOUNT + ": write that into "
                                    + configuration.installation().file());
        }
        DatabaseScript script =
                new DatabaseScript(settings(settings), configuration.capture().columns());
        terminal.out().print(text(script));
        terminal.out().flush();
        return 0;
    }

    private String text(DatabaseScript script) {
        if (purpose != null && purpose.undo) {
            return script.undo();
        }
        if (purpose != null && purpose.beforeAeriesUpdate) {
            return script.beforeAeriesUpdate();
        }
        return purpose != null && purpose.afterAeriesUpdate ? script.afterAeriesUpdate() : script.enable();
    }

    private DatabaseSettings settings(DatabaseSettings configured) {
        String name = database == null ? configured.database() : database;
        if (Text.isBlank(name) || Text.firstUnseen(name) >= 0) {
            throw new CommandFailedException("--database: name a database, like DST26000EAGLE", WRONG);
        }
        return new DatabaseSettings(
                configured.host(),
                configured.port(),
                name,
                configured.schema(),
                configured.user().equalsIgnoreCase(ADMINISTRATOR) ? ACCOUNT : configured.user(),
                configured.password(),
                configured.driver());
    }
}
