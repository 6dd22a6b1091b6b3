package dev.patronstream.cli.command;

import dev.patronstream.cli.check.Check;
import dev.patronstream.cli.check.DistrictTables;
import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.connector.check.Finding;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code check}: tries everything that the configuration names, and shows what the database holds. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Tries everything that the configuration names: database, capture, rights, Kafka, registry, SFTP; says what is"
                    + " fine, what is not and what to do. Then shows schools, status tags and staff as the database has"
                    + " them. Useful before capture is on, too.",
            "Changes nothing; on the SFTP server it writes a file of its own name and deletes it."
        },
        footer = {"", "Example: patronstream check", "", "Exit codes: 0 everything works, 1 something does not."})
final class CheckCommand extends ConfiguredCommand {

    private static final String INDENT = " ".repeat(33);

    CheckCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Configuration configuration = configuration(Part.values());
        line("Checking " + configuration.installation().file() + ", district "
                + configuration.district().name());
        line("");
        Check check = new Check(configuration, this::print);
        Optional<DistrictTables> district = check.run();
        district.ifPresent(this::print);
        line("");
        if (check.wrong() == 0) {
            line("Everything works.");
            return 0;
        }
        line(
                check.wrong() == 1
                        ? "One thing does not work: see WRONG above."
                        : check.wrong() + " things do not work: see WRONG above.");
        return 1;
    }

    private void print(Finding finding) {
        String state =
                switch (finding.state()) {
                    case FINE -> "ok";
                    case LOOK -> "look";
                    case WRONG -> "WRONG";
                };
        Iterator<String> found = finding.found().lines().iterator();
        line(String.format("  %-22s %-6s  %s", finding.what(), state, found.hasNext() ? found.next() : ""));
        found.forEachRemaining(more -> line(INDENT + more));
        if (!finding.remedy().isEmpty()) {
            line(INDENT + "to do: " + finding.remedy());
        }
    }

    private void print(DistrictTables district) {
        section("Schools: students by status, active staff, and the site in each feed", district.schools());
        section("Status tags of students (STU.TG)", district.tags());
        List<String> warnings = district.warnings();
        if (!warnings.isEmpty()) {
            section(
                    "Worth a look",
                    warnings.stream().map(warning -> "- " + warning).toList());
        }
    }

    private void section(String title, List<String> lines) {
        line("");
        line(title);
        lines.forEach(text -> line("  " + text));
    }
}
