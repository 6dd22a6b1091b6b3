package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.command.option.FeedCommand;
import dev.patronstream.cli.command.option.WaitOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.explain.Explainer;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code explain}: why a person, a value, a row is as it is. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Says why a person is in a feed or not, and what became of each value.",
            "Which enrollment won by which step, what each column became from which source, which rules fired, and"
                    + " which",
            "delivery last carried the person. Prints private values."
        },
        footer = {
            "",
            "Example: patronstream explain destiny 99400001",
            "         patronstream explain destiny staff/1203"
        })
final class ExplainCommand extends FeedCommand {

    private static final Pattern PERSON = Pattern.compile("(?:(student|staff)/)?(-?[0-9]{1,10})");

    @Parameters(
            index = "1",
            paramLabel = "ID",
            description = "Student ID or staff ID; student/ID or staff/ID where both have it.")
    private String person = "";

    @Mixin
    private final WaitOption wait = new WaitOption();

    ExplainCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Matcher parts = PERSON.matcher(person);
        if (!parts.matches() || !isId(parts.group(2))) {
            throw new CommandFailedException(
                    "'" + person + "' is not the ID of a person; write 99400001, student/99400001 or staff/1203", 2);
        }
        Optional<PatronKind> kind = Optional.ofNullable(parts.group(1))
                .map(word -> word.equals("staff") ? PatronKind.STAFF : PatronKind.STUDENT);
        Configuration configuration = configuration(Part.KAFKA);
        FeedSettings settings = settings(configuration);
        new Explainer(configuration, Cluster.running(configuration))
                .explain(settings, kind, Integer.parseInt(parts.group(2)), wait.time())
                .forEach(this::line);
        return 0;
    }

    /** Whether it is a number of Aeries' type for IDs; those of 0 and below are reported as none, so they can be asked for. */
    private static boolean isId(String number) {
        long id = Long.parseLong(number);
        return id == (int) id;
    }
}
