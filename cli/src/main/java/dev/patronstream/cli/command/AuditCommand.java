package dev.patronstream.cli.command;

import dev.patronstream.cli.audit.Audit;
import dev.patronstream.cli.audit.AuditReport;
import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.command.option.JsonOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.Terminal;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit}: the database against the topics, row by row. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the database with the topics and the feeds, row by row, at one point of its log.",
            "Works beside a running system and changes nothing. Names keys and fields, never values.",
            "Exit code 1 if anything differs, or if it could not be compared."
        },
        footer = {"", "Example: patronstream audit", "         patronstream audit --json"})
final class AuditCommand extends ConfiguredCommand {

    private static final int DIFFERENT = 1;
    private static final int MOST_LISTED = 20;

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description =
                    "How long to wait for the stages, and again for capture to pass the time of reading (default: 60s).")
    private Duration wait = Duration.ofSeconds(60);

    AuditCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = configuration(Part.DATABASE, Part.KAFKA);
        AuditReport report = new Audit(configuration, Cluster.begun(configuration), InstantSource.system())
                .run(wait, step -> {
                    if (!json.isAsked()) {
                        line(step);
                    }
                });
        if (json.isAsked()) {
            JsonOption.print(terminal, report.json());
        } else {
            report.lines(configuration.district().timeZone(), MOST_LISTED).forEach(this::line);
        }
        return report.isClean() ? 0 : DIFFERENT;
    }
}
