package dev.patronstream.cli.web;

import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusSource.Sample;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.notice.NoticeBoard;
import dev.patronstream.snapshotter.notice.Occasion;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sends once a day, at a time of the district's clock, what was since the summary before it: counts and times, nothing of a
 * person. A process that was down then does so when it is up again, and the first does so at once. The board writes down
 * which day was the last, so that a restart sends nothing twice; a process that takes the work over knows it from the one
 * before it, by {@link #sentElsewhere}. Used by one thread.
 */
public final class DailySummary {

    /** Until the receipts of up to then have been read. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final String district;
    private final LocalTime at;
    private final NoticeBoard notices;

    public DailySummary(String district, LocalTime at, NoticeBoard notices) {
        this.district = district;
        this.at = at;
        this.notices = notices;
    }

    /**
     * Sends it if its time has come, a minute ago.
     *
     * @param report how the district stands
     * @param receipts of the last month, newest first
     * @param freshness of the last day
     */
    public void look(StatusReport report, List<Delivery> receipts, List<Sample> freshness) {
        ZoneId zone = report.origin().timeZone();
        ZonedDateTime now = report.now().minus(SETTLED).atZone(zone);
        LocalDate day = now.toLocalTime().isBefore(at) ? now.toLocalDate().minusDays(1) : now.toLocalDate();
        Optional<LocalDate> newest = newest();
        if (newest.filter(sent -> !sent.isBefore(day)).isPresent()) {
            // Also where the time was put later since, or the clock back.
            return;
        }
        LocalDate before = newest.orElse(day.minusDays(1));
        List<String> lines = lines(
                report,
                before.atTime(at).atZone(zone).toInstant(),
                day.atTime(at).atZone(zone).toInstant(),
                receipts);
        lines.add(freshness(freshness));
        notices.raise(district, Occasion.SUMMARY, day.toString(), String.join("\n", lines), Optional.empty());
    }

    /** Says of which day another process has sent it. */
    public void sentElsewhere(LocalDate day) {
        if (newest().filter(day::isBefore).isEmpty() && !last().equals(Optional.of(day))) {
            notices.knownElsewhere(district, Occasion.SUMMARY, day.toString());
        }
    }

    /** Returns of which day people got the last one. */
    public Optional<LocalDate> last() {
        return notices.sent(district, Occasion.SUMMARY).map(LocalDate::parse);
    }

    /** It may be on its way. */
    private Optional<LocalDate> newest() {
        return notices.condition(district, Occasion.SUMMARY).map(LocalDate::parse);
    }

    private static List<String> lines(StatusReport report, Instant begin, Instant end, List<Delivery> receipts) {
        TimeWords times = new TimeWords(report.origin().timeZone(), report.now());
        List<String> lines = new ArrayList<>(
                List.of(Headline.of(report).text(), "", "From " + times.at(begin) + " to " + times.at(end) + ":"));
        for (Feed feed : report.feeds()) {
            lines.add(line(
                    report,
                    feed,
                    receipts.stream()
                            .filter(receipt -> receipt.getFeed().equals(feed.name()))
                            .filter(receipt -> !endedAt(receipt).isBefore(begin)
                                    && endedAt(receipt).isBefore(end))
                            .toList()));
        }
        return lines;
    }

    /** Each attempt counts once: where it, or the decision about it, came to its end. */
    private static Instant endedAt(Delivery receipt) {
        Instant ended = receipt.getStartedAt().plusMillis(receipt.getDurationMillis());
        return receipt.getDecision()
                .map(DeliveryDecision::getAt)
                .filter(ended::isBefore)
                .orElse(ended);
    }

    private static String line(StatusReport report, Feed feed, List<Delivery> day) {
        Map<DeliveryResult, Long> counts =
                day.stream().collect(Collectors.groupingBy(Delivery::getResult, TreeMap::new, Collectors.counting()));
        String attempts = counts.isEmpty()
                ? "no delivery"
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
