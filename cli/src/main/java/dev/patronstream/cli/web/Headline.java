package dev.patronstream.cli.web;

import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.FreshnessState;
import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The answer to what everybody asks first: is it fresh, and does the library have the current file?
 *
 * @param level how the answer is to be taken
 * @param sentence the answer
 */
public record Headline(Level level, String sentence) {

    /** How an answer is to be taken. */
    public enum Level {
        /** Nothing to do. */
        GOOD,
        /** Not there yet; nothing to do but to wait. */
        WAITING,
        /** Someone should look. */
        ATTENTION,
        /** It does not go on by itself. */
        BAD
    }

    private static final Set<StageState> ENDED = EnumSet.of(StageState.FAILED, StageState.STOPPED);
    private static final Set<StageState> ON_THE_WAY = EnumSet.of(StageState.STARTING, StageState.WORKING);

    /** Judges a report: the most serious thing first. */
    public static Headline of(StatusReport report) {
        return stage(report, ENDED)
                .map(stage -> new Headline(Level.BAD, name(stage) + " has stopped. " + stage.sentence()))
                .or(() -> stage(report, EnumSet.of(StageState.HELD))
                        .map(stage -> new Headline(
                                Level.ATTENTION, name(stage) + " waits for a decision. " + stage.sentence())))
                .or(() -> stage(report, EnumSet.of(StageState.RETRYING))
                        .map(stage -> new Headline(
                                Level.ATTENTION, name(stage) + " is in trouble and tries again. " + stage.sentence())))
                .or(() -> stage(report, ON_THE_WAY)
                        .map(stage -> new Headline(
                                Level.WAITING,
                                "Not ready yet: " + name(stage).toLowerCase(Locale.ROOT) + " is still at work. "
                                        + stage.sentence())))
                .orElseGet(() -> ofRunning(report));
    }

    private static Headline ofRunning(StatusReport report) {
        if (report.freshness().state() == FreshnessState.STALLED) {
            String since = report.freshness()
                    .asOf()
                    .map(time -> "Nothing new has come from Aeries since " + Ago.since(time, report.now()) + ". ")
                    .orElse("Nothing new comes from Aeries. ");
            return new Headline(
                    Level.ATTENTION, since + sentence(report.freshness().note()));
        }
        String fresh = report.freshness()
                .age(report.now())
                .map(age -> "Every change in Aeries up to " + momentsAgo(age) + " is in")
                .orElse("How fresh the patrons are is not known");
        boolean known = report.freshness().state() == FreshnessState.KNOWN;
        return ofFeeds(report, fresh, known);
    }

    private static Headline ofFeeds(StatusReport report, String fresh, boolean known) {
        List<Feed> troubled =
                report.feeds().stream().filter(Headline::inTrouble).toList();
        if (!troubled.isEmpty()) {
            return new Headline(Level.ATTENTION, fresh + ", but " + trouble(troubled, report.now()) + ".");
        }
        if (state(report, StageName.DELIVERIES) == StageState.ELSEWHERE
                || report.feeds().isEmpty()) {
            return new Headline(known ? Level.GOOD : Level.ATTENTION, fresh + ". Files are delivered elsewhere.");
        }
        List<Feed> sent =
                report.feeds().stream().filter(feed -> !isWrittenOnly(feed)).toList();
        if (sent.isEmpty()) {
            return new Headline(known ? Level.GOOD : Level.ATTENTION, fresh + ". Files are written here only.");
        }
        List<Feed> without =
                sent.stream().filter(feed -> feed.lastDelivery().isEmpty()).toList();
        if (!without.isEmpty()) {
            return new Headline(
                    known ? Level.WAITING : Level.ATTENTION,
                    fresh + "; no file has been delivered yet for " + names(without) + ".");
        }
        Instant oldest = sent.stream()
                .map(Headline::lastSuccess)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        String library = sent.size() == 1 ? "the library has" : "all libraries have";
        String file = sent.size() == 1 ? "the current file" : "their current files";
        return new Headline(
                known ? Level.GOOD : Level.ATTENTION,
                fresh + ", and " + library + " " + file + ", checked " + Ago.since(oldest, report.now()) + ".");
    }

    /** A feed without a destination goes to nobody. */
    private static boolean isWrittenOnly(Feed feed) {
        return feed.lastReceipt()
                .filter(receipt -> receipt.getResult() == DeliveryResult.WRITTEN)
                .isPresent();
    }

    private static boolean inTrouble(Feed feed) {
        return feed.failure().isPresent()
                || feed.lastReceipt()
                        .map(receipt -> receipt.getResult() == DeliveryResult.FAILED
                                || receipt.getResult() == DeliveryResult.HELD)
                        .orElse(false);
    }

    private static String trouble(List<Feed> feeds, Instant now) {
        if (feeds.size() > 1) {
            return "the last files for " + names(feeds) + " were not delivered";
        }
        Feed feed = feeds.get(0);
        boolean held = feed.lastReceipt()
                .map(receipt -> receipt.getResult() == DeliveryResult.HELD)
                .orElse(false);
        return "the last file for " + feed.name() + (held ? " waits for approval" : " was not delivered")
                + feed.lastDelivery()
                        .map(delivery ->
                                "; the library still has the one delivered " + Ago.since(delivery.getStartedAt(), now))
                        .orElse("; the library has none from here yet");
    }

    /** An unchanged file is current as of the attempt that found it so. */
    private static Instant lastSuccess(Feed feed) {
        return feed.lastReceipt()
                .filter(receipt -> receipt.getResult() == DeliveryResult.UNCHANGED)
                .or(feed::lastDelivery)
                .map(Delivery::getStartedAt)
                .orElseThrow();
    }

    private static String names(List<Feed> feeds) {
        return feeds.stream().map(Feed::name).collect(Collectors.joining(", "));
    }

    private static String momentsAgo(Duration age) {
        return age.toSeconds() < 1 ? "this second" : Ago.words(age) + " ago";
    }

    private static String sentence(String note) {
        return note.isEmpty() || note.endsWith(".") ? note : note + ".";
    }

    private static Optional<Stage> stage(StatusReport report, Set<StageState> states) {
        return report.stages().stream()
                .filter(stage -> states.contains(stage.state()))
                .findFirst();
    }

    private static StageState state(StatusReport report, StageName name) {
        return report.stages().stream()
                .filter(stage -> stage.name() == name)
                .map(Stage::state)
                .findFirst()
                .orElse(StageState.ELSEWHERE);
    }

    /** As a reader calls it; the page uses the same words. */
    static String name(Stage stage) {
        return switch (stage.name()) {
            case CAPTURE -> "Capture";
            case PATRONS -> "The patron table";
            case DELIVERIES -> "Delivery";
            case KAFKA -> "Kafka";
            case REGISTRY -> "The schema registry";
        };
    }
}
