package dev.patronstream.cli.web;

import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusSource.Sample;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import dev.patronstream.snapshotter.notice.Occasion;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sends once a day, at a time of the district's clock, what the last 24 hours brought: counts and times, nothing of a person.
 * A process that was down then does so when it is up again. The board writes down which day was the last, so that a restart
 * sends nothing twice; a process that takes the work over on the same day may. Used by one thread.
 */
public final class DailySummary {

    private static final Duration DAY = Duration.ofDays(1);

    private final LocalTime at;
    private final NoticeBoard notices;

    public DailySummary(LocalTime at, NoticeBoard notices) {
        this.at = at;
        this.notices = notices;
    }

    /**
     * Sends it if its time has come.
     *
     * @param report how the district stands
     * @param receipts of the last day or more, newest first
     * @param freshness of the last day
     */
    public void look(StatusReport report, List<Delivery> receipts, List<Sample> freshness) {
        ZonedDateTime now = report.now().atZone(report.origin().timeZone());
        LocalDate day = now.toLocalTime().isBefore(at) ? now.toLocalDate().minusDays(1) : now.toLocalDate();
        notices.raise(
                report.origin().district(),
                Occasion.SUMMARY,
                day.toString(),
                String.join("\n", lines(report, receipts, freshness)),
                Optional.empty());
    }

    private static List<String> lines(StatusReport report, List<Delivery> receipts, List<Sample> freshness) {
        Instant begin = report.now().minus(DAY);
        List<String> lines = new ArrayList<>(List.of(Headline.of(report).text(), ""));
        for (Feed feed : report.feeds()) {
            lines.add(line(
                    report,
                    feed,
                    receipts.stream()
                            .filter(receipt -> receipt.getFeed().equals(feed.name())
                                    && receipt.getStartedAt().isAfter(begin))
                            .toList()));
        }
        lines.add(freshness(freshness));
        return lines;
    }

    private static String line(StatusReport report, Feed feed, List<Delivery> day) {
        Map<DeliveryResult, Long> counts =
                day.stream().collect(Collectors.groupingBy(Delivery::getResult, TreeMap::new, Collectors.counting()));
        String attempts = counts.isEmpty()
                ? "no delivery in the last 24 hours"
                : counts.entrySet().stream()
                        .map(entry -> FileWords.number(entry.getValue()) + " " + word(entry.getKey()))
                        .collect(Collectors.joining(", "));
        FileWords words = new FileWords(report);
        String vendors = feed.lastDelivery().map(held -> words.sent(feed, held)).orElseGet(() -> words.still(feed));
        String problems = feed.lastReceipt()
                .filter(receipt -> receipt.getProblems() > 0)
                .map(receipt -> " Its problem report has " + FileWords.number(receipt.getProblems())
                        + (receipt.getProblems() == 1 ? " line." : " lines."))
                .orElse("");
        return feed.name() + ": " + attempts + ". " + vendors + problems;
    }

    private static String word(DeliveryResult result) {
        return switch (result) {
            case DELIVERED -> "delivered";
            case UNCHANGED -> "checked and unchanged";
            case HELD -> "held";
            case REJECTED -> "rejected";
            case FAILED -> "failed";
            case WRITTEN -> "written here only";
            case SENDING -> "under way or broken off";
            case SUPERSEDED -> "replaced by a newer file";
        };
    }

    private static String freshness(List<Sample> samples) {
        long unknown = samples.stream().filter(sample -> sample.age().isEmpty()).count();
        Optional<Duration> worst =
                samples.stream().flatMap(sample -> sample.age().stream()).max(Comparator.naturalOrder());
        return "Freshness: "
                + worst.map(age -> "at worst " + TimeWords.span(age) + " old").orElse("not known")
                + (worst.isPresent() && unknown > 0
                        ? ", and not known in " + FileWords.number(unknown) + " of " + FileWords.number(samples.size())
                                + " minutes"
                        : "")
                + ".";
    }
}
