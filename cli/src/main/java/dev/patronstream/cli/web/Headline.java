package dev.patronstream.cli.web;

import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.FreshnessState;
import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.safety.check.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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

    private static final Set<StageName> GROUND =
            EnumSet.of(StageName.KAFKA, StageName.REGISTRY, StageName.STAGES, StageName.DISKS);
    private static final Set<StageState> GONE = EnumSet.of(StageState.SILENT, StageState.MISSING);

    /** Judges a report: the most serious thing first, and the ground before what stands on it. */
    public static Headline of(StatusReport report) {
        return stage(report, stage -> isIn(stage, EnumSet.of(StageState.FAILED, StageState.STOPPED)))
                .map(stage -> new Headline(Level.BAD, name(stage) + " has stopped. " + sentence(stage.sentence())))
                .or(() -> stage(report, stage -> GROUND.contains(stage.name()) && stage.state() == StageState.RETRYING)
                        .map(Headline::ofGround))
                .or(() -> stage(report, stage -> isIn(stage, GONE)).map(stage -> ofGone(stage, report.now())))
                .or(() -> stage(report, stage -> stage.state() == StageState.HELD)
                        .map(stage -> new Headline(
                                Level.ATTENTION, name(stage) + " waits for a decision. " + sentence(stage.sentence()))))
                .or(() -> stage(report, stage -> stage.state() == StageState.RETRYING)
                        .map(stage -> new Headline(
                                Level.ATTENTION,
                                stage.name() == StageName.DELIVERIES
                                        ? "The last delivery failed. " + sentence(stage.sentence())
                                                + next(report, stage)
                                        : name(stage) + " is in trouble and tries again. "
                                                + sentence(stage.sentence()))))
                .or(() -> lostSpare(report))
                .or(() -> ofWork(report))
                .orElseGet(() -> ofRunning(report));
    }

    /** What becomes of the feed that the stage speaks of: without a schedule, nothing by itself. */
    private static String next(StatusReport report, Stage stage) {
        return report.feeds().stream()
                .filter(feed -> stage.sentence().startsWith(feed.name() + ": "))
                .findFirst()
                .map(feed -> next(feed, report.now()))
                .orElse("");
    }

    private static String next(Feed feed, Instant now) {
        Optional<Instant> time = feed.times()
                .nextRun()
                .map(run -> feed.times().pausedUntil().filter(run::isBefore).orElse(run));
        if (feed.delivering() || time.filter(run -> !run.isAfter(now)).isPresent()) {
            return " It is being tried again.";
        }
        return time.map(run -> " It is tried again in " + TimeWords.span(Duration.between(now, run)) + ".")
                .orElse(" Try it again: patronstream snapshot " + feed.name());
    }

    private static Headline ofGround(Stage stage) {
        return new Headline(
                Level.ATTENTION,
                switch (stage.name()) {
                            case KAFKA -> "Kafka does not answer, so nothing goes on until it does. ";
                            case REGISTRY -> "The schema registry does not answer; what needs it waits until it does. ";
                            default -> "";
                        }
                        + sentence(stage.sentence()));
    }

    private static Headline ofGone(Stage stage, Instant now) {
        String what = stage.state() == StageState.MISSING
                ? name(stage) + " does not run. "
                : name(stage) + " has not been heard of for " + TimeWords.span(Duration.between(stage.since(), now))
                        + ". ";
        return new Headline(Level.ATTENTION, what + sentence(stage.sentence()));
    }

    /** What is done goes on, but nothing is left to take over. */
    private static Optional<Headline> lostSpare(StatusReport report) {
        return report.stages().stream()
                .flatMap(stage -> stage.instances().stream()
                        .filter(instance ->
                                instance.state() == StageState.SILENT || instance.state() == StageState.FAILED)
                        .map(instance -> new Headline(
                                Level.ATTENTION,
                                name(stage) + " goes on, but another process of it is gone: " + instance.process()
                                        + " was heard of last " + TimeWords.ago(instance.lastHeard(), report.now())
                                        + ".")))
                .findFirst();
    }

    /** Work that takes long is no alarm, unless the patrons are old meanwhile and nothing says that it comes on. */
    private static Optional<Headline> ofWork(StatusReport report) {
        boolean never = report.freshness().asOf().isEmpty();
        boolean stale = report.freshness().state() == FreshnessState.STALE;
        return stage(
                        report,
                        stage ->
                                stage.state() == StageState.WORKING || (stage.state() == StageState.STARTING && !stale))
                .map(stage -> new Headline(
                        Level.WAITING,
                        (never ? "Not ready yet: " + lowered(name(stage)) : name(stage))
                                + (stage.state() == StageState.STARTING ? " is starting. " : " is at work. ")
                                + sentence(stage.sentence())));
    }

    private static Headline ofRunning(StatusReport report) {
        FreshnessState state = report.freshness().state();
        if (state == FreshnessState.STALLED || state == FreshnessState.STALE) {
            String since = report.freshness()
                    .asOf()
                    .map(time -> "Nothing new has come from Aeries for "
                            + TimeWords.span(Duration.between(time, report.now())) + ". ")
                    .orElse("Nothing new comes from Aeries. ");
            String why = report.freshness().note();
            return new Headline(
                    Level.ATTENTION,
                    since
                            + (state == FreshnessState.STALE && why.isEmpty()
                                    ? "The stages below say what they are doing; their logs say more."
                                    : sentence(why)));
        }
        String fresh = report.freshness()
                .age(report.now())
                .map(age -> "Every change in Aeries up to " + momentsAgo(age) + " is in")
                .orElse("How fresh the patrons are is not known");
        boolean known = state == FreshnessState.KNOWN;
        Headline all = ofFeeds(report, fresh, known);
        String why = report.freshness().note();
        return known || why.isEmpty() ? all : new Headline(all.level(), all.sentence() + " " + sentence(why));
    }

    private static Headline ofFeeds(StatusReport report, String fresh, boolean known) {
        List<Feed> troubled =
                report.feeds().stream().filter(Headline::inTrouble).toList();
        if (!troubled.isEmpty()) {
            return new Headline(Level.ATTENTION, fresh + ", but " + trouble(troubled, report.now()) + ".");
        }
        if (report.feeds().isEmpty()) {
            return new Headline(known ? Level.GOOD : Level.ATTENTION, fresh + ". No feed is configured.");
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
                fresh + ", and " + library + " " + file + ", checked " + TimeWords.ago(oldest, report.now()) + ".");
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
        boolean waits = feed.lastReceipt()
                .filter(receipt -> receipt.getResult() == DeliveryResult.HELD)
                .filter(receipt -> Checks.mayBeApproved(receipt.getHolds()))
                .isPresent();
        return "the last file for " + feed.name() + (waits ? " waits for approval" : " was not delivered")
                + feed.lastDelivery()
                        .map(delivery -> "; the library still has the one delivered "
                                + TimeWords.ago(delivery.getStartedAt(), now))
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
        return age.toSeconds() < 1 ? "this second" : TimeWords.span(age) + " ago";
    }

    /** Stages say what they do in a few words without a full stop. */
    private static String sentence(String words) {
        if (words.isEmpty()) {
            return words;
        }
        String upper = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        return upper.endsWith(".") ? upper : upper + ".";
    }

    private static String lowered(String name) {
        return name.equals("Kafka") ? name : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static boolean isIn(Stage stage, Set<StageState> states) {
        return states.contains(stage.state());
    }

    private static Optional<Stage> stage(StatusReport report, Predicate<Stage> condition) {
        return report.stages().stream().filter(condition).findFirst();
    }

    /** As a reader calls it; the page uses the same words. */
    static String name(Stage stage) {
        return switch (stage.name()) {
            case CAPTURE -> "Capture";
            case PATRONS -> "The patron table";
            case DELIVERIES -> "Delivery";
            case KAFKA -> "Kafka";
            case REGISTRY -> "The schema registry";
            case STAGES -> "The topic of stages";
            case DISKS -> "The disk";
        };
    }
}
