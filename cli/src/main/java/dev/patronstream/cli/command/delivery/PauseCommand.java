package dev.patronstream.cli.command.delivery;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.command.option.FeedCommand;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.DeliveryPause;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pause}: nothing of a feed is delivered for a while; capture goes on. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = "Delivers nothing of a feed until a time; capture and feeds go on. Outlives every process.",
        footer = {
            "",
            "Example: patronstream pause destiny --until 2026-08-10",
            "         patronstream pause destiny --until 2026-08-10T06:00"
        })
public final class PauseCommand extends FeedCommand {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final Clock clock = Clock.systemUTC();

    @Option(
            names = "--until",
            required = true,
            paramLabel = "TIME",
            description = "When deliveries begin again: a day, or a day and time, by the feed's clock.")
    private String until = "";

    public PauseCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Configuration configuration = configuration(Part.KAFKA);
        FeedSettings settings = settings(configuration);
        ZoneId zone = settings.schedule()
                .map(ScheduleSettings::timeZone)
                .orElse(configuration.district().timeZone());
        Instant now = clock.instant();
        Instant end = end(until, zone, now);
        new District(configuration, Cluster.running(configuration))
                .pauses()
                .pause(DeliveryPause.newBuilder()
                        .setFeed(feed)
                        .setUntil(end)
                        .setSince(now)
                        .setBy(System.getProperty("user.name", "unknown"))
                        .build());
        line("Nothing of " + feed + " is delivered until " + end.atZone(zone)
                + "; a delivery that the schedule has in between is caught up once then."
                + " `patronstream resume " + feed + "` ends it before.");
        return 0;
    }

    /** Returns when a pause ends that begins now. */
    static Instant end(String text, ZoneId zone, Instant now) {
        Instant end = moment(text, zone);
        if (!end.isAfter(now)) {
            throw new CommandFailedException("--until " + text + " (" + end + ") is over already", 2);
        }
        if (end.isAfter(LATEST)) {
            throw new CommandFailedException("--until " + text + " is too far away; the last day is 9999-12-31", 2);
        }
        return end;
    }

    private static Instant moment(String text, ZoneId zone) {
        try {
            if (!text.contains("T")) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            boolean hasOffset = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$");
            return hasOffset
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw new CommandFailedException(
                    "--until " + text + " is not a time; write 2026-08-10, 2026-08-10T06:00 or 2026-08-10T13:00Z", 2);
        }
    }
}
