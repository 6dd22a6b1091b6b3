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
import java.util.function.Predicate;

/**
 * The answer to what everybody asks first: did the file go out, and what does it change? The page, {@code status} and the
 * health check say the same.
 *
 * @param level how the answer is to be taken
 * @param sentence the answer, in one sentence
 * @param more why it is so and what to do; empty text where there is nothing to add
 */
public record Headline(Level level, String sentence, String more) {

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
                .map(stage -> of(Level.BAD, stage, " has stopped."))
                .or(() -> stage(report, stage -> GROUND.contains(stage.name()) && stage.state() == StageState.RETRYING)
                        .map(Headline::ofGround))
                .or(() -> stage(report, stage -> isIn(stage, GONE)).map(stage -> ofGone(stage, report.now())))
                .or(() ->
                        stage(report, stage -> stage.state() == StageState.HELD).map(stage -> ofHeld(report, stage)))
                .or(() -> stage(report, stage -> stage.state() == StageState.RETRYING)
                        .map(stage -> stage.name() == StageName.DELIVERIES
                                ? ofFailedDelivery(report, stage)
                                : of(Level.ATTENTION, stage, " is in trouble and tries again.")))
                .or(() -> lostSpare(report))
                .or(() -> ofWork(report))
                .orElseGet(() -> ofRunning(report));
    }

    /** Returns the whole answer on one line. */
    public String text() {
        return more.isEmpty() ? sentence : sentence + " " + more;
    }

    private static Headline of(Level level, Stage stage, String what) {
        return new Headline(level, name(stage) + what, sentence(stage.sentence()));
    }

    private static Headline ofHeld(StatusReport report, Stage stage) {
        return report.feeds().stream()
                .filter(feed -> stage.name() == StageName.DELIVERIES && lastIs(feed, DeliveryResult.HELD))
                .findFirst()
                .map(feed -> ofHeld(report, feed))
                .orElseGet(() -> of(Level.ATTENTION, stage, " waits for a decision."));
    }

    private static Headline ofHeld(StatusReport report, Feed feed) {
        FileWords words = new FileWords(report);
        Delivery receipt = feed.lastReceipt().orElseThrow();
        return new Headline(Level.ATTENTION, words.held(feed, receipt), words.decide(feed, receipt));
    }

    private static Headline ofFailedDelivery(StatusReport report, Stage stage) {
        Optional<Feed> failed = report.feeds().stream()
                .filter(feed -> stage.sentence().startsWith(feed.name() + ": "))
                .findFirst();
        if (failed.isEmpty()) {
            return new Headline(Level.ATTENTION, "The last delivery failed.", sentence(stage.sentence()));
        }
        Feed feed = failed.get();
        String why = stage.sentence().substring(feed.name().length() + 2);
        return new Headline(
                Level.ATTENTION,
                new FileWords(report).notArrived(feed),
                sentence(why) + " " + next(feed, report.now()));
    }

    /** What becomes of a feed: without a schedule, nothing by itself. */
    private static String next(Feed feed, Instant now) {
        Optional<Instant> time = feed.times()
                .nextRun()
                .map(run -> feed.times().pausedUntil().filter(run::isBefore).orElse(run));
        if (feed.delivering() || time.filter(run -> !run.isAfter(now)).isPresent()) {
            return "It is being tried again.";
        }
        return time.map(run -> "It is tried again in " + TimeWords.span(Duration.between(now, run)) + ".")
                .orElse("Try it again: patronstream snapshot " + feed.name());
    }

    private static Headline ofGround(Stage stage) {
        String why = sentence(stage.sentence());
        return switch (stage.name()) {
            case KAFKA ->
                new Headline(Level.ATTENTION, "Kafka does not answer, so nothing goes on until it does.", why);
            case REGISTRY ->
                new Headline(
                        Level.ATTENTION,
                        "The schema registry does not answer; what needs it waits until it does.",
                        why);
            default -> new Headline(Level.ATTENTION, why, "");
        };
    }

    private static Headline ofGone(Stage stage, Instant now) {
        return of(
                Level.ATTENTION,
                stage,
                stage.state() == StageState.MISSING
                        ? " does not run."
                        : " has not been heard of for " + TimeWords.span(Duration.between(stage.since(), now)) + ".");
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
                                        + ".",
                                "")))
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
                                + (stage.state() == StageState.STARTING ? " is starting." : " is at work."),
                        sentence(stage.sentence())));
    }

    private static Headline ofRunning(StatusReport report) {
        FreshnessState state = report.freshness().state();
        String why = report.freshness().note();
        if (state == FreshnessState.STALLED || state == FreshnessState.STALE) {
            return new Headline(
                    Level.ATTENTION,
                    report.freshness()
                            .asOf()
                            .map(time -> "Nothing new has come from Aeries for "
                                    + TimeWords.span(Duration.between(time, report.now())) + ".")
                            .orElse("Nothing new comes from Aeries."),
                    why.isEmpty() ? "The stages say what they are doing; their logs say more." : sentence(why));
        }
        String fresh = report.freshness()
                .age(report.now())
                .map(age -> "Every change in Aeries up to " + momentsAgo(age) + " is in.")
                .orElse("How fresh the patrons are is not known.");
        Headline files = ofFeeds(report, fresh);
        if (state == FreshnessState.KNOWN || files.level() == Level.ATTENTION) {
            return files;
        }
        return new Headline(
                Level.ATTENTION,
                "Whether the newest changes of Aeries are in is not known.",
                (why.isEmpty() ? "" : sentence(why) + " ") + files.text());
    }

    private static Headline ofFeeds(StatusReport report, String fresh) {
        FileWords words = new FileWords(report);
        List<Feed> troubled =
                report.feeds().stream().filter(Headline::inTrouble).toList();
        if (troubled.size() > 1) {
            return new Headline(
                    Level.ATTENTION, "The last files for " + names(troubled) + " were not delivered.", fresh);
        }
        if (!troubled.isEmpty()) {
            return ofTrouble(report, troubled.get(0));
        }
        if (report.feeds().isEmpty()) {
            return new Headline(Level.GOOD, "No feed is configured.", fresh);
        }
        List<Feed> sent = report.feeds().stream()
                .filter(feed -> !lastIs(feed, DeliveryResult.WRITTEN))
                .toList();
        if (sent.isEmpty()) {
            return new Headline(Level.GOOD, "Files are written here only.", fresh);
        }
        List<Feed> paused =
                sent.stream().filter(feed -> isPaused(feed, report.now())).toList();
        if (!paused.isEmpty()) {
            Feed first = paused.get(0);
            return new Headline(
                    Level.WAITING,
                    "Deliveries to " + names(paused) + " are paused"
                            + (paused.size() > 1
                                    ? "."
                                    : " "
                                            + words.until(
                                                    first.times().pausedUntil().orElseThrow()) + "."),
                    (paused.size() > 1 ? "" : words.still(first) + " ") + fresh);
        }
        List<Feed> without =
                sent.stream().filter(feed -> feed.lastDelivery().isEmpty()).toList();
        if (!without.isEmpty()) {
            return new Headline(
                    Level.WAITING, "No file has gone to " + names(without) + " yet.", nextFile(words, without) + fresh);
        }
        return new Headline(Level.GOOD, sent(words, sent), nextFile(words, sent) + fresh + " There is nothing to do.");
    }

    private static Headline ofTrouble(StatusReport report, Feed feed) {
        FileWords words = new FileWords(report);
        if (lastIs(feed, DeliveryResult.HELD)) {
            return ofHeld(report, feed);
        }
        boolean rejected = lastIs(feed, DeliveryResult.REJECTED);
        return new Headline(
                Level.ATTENTION,
                rejected ? words.rejected(feed, feed.lastReceipt().orElseThrow()) : words.notArrived(feed),
                rejected
                        ? (words.still(feed) + " " + nextFile(words, List.of(feed))).strip()
                        : feed.failure().map(why -> sentence(why) + " ").orElse("") + words.still(feed));
    }

    private static String sent(FileWords words, List<Feed> feeds) {
        if (feeds.size() == 1) {
            Feed feed = feeds.get(0);
            return words.sent(feed, feed.lastDelivery().orElseThrow());
        }
        Instant oldest = feeds.stream()
                .map(Headline::lastSuccess)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return names(feeds) + " have their current files, the oldest checked " + words.when(oldest) + ".";
    }

    /** When the next file goes, where a schedule says so. */
    private static String nextFile(FileWords words, List<Feed> feeds) {
        return feeds.stream()
                .flatMap(feed -> feed.times().nextRun().stream())
                .min(Comparator.naturalOrder())
                .map(next -> "The next file goes " + words.when(next) + ". ")
                .orElse("");
    }

    private static boolean isPaused(Feed feed, Instant now) {
        return feed.times().pausedUntil().filter(now::isBefore).isPresent();
    }

    /** A feed without a destination goes to nobody, and its last file is written here only. */
    private static boolean lastIs(Feed feed, DeliveryResult result) {
        return feed.lastReceipt()
                .filter(receipt -> receipt.getResult() == result)
                .isPresent();
    }

    private static boolean inTrouble(Feed feed) {
        return feed.failure().isPresent() || lastIs(feed, DeliveryResult.FAILED) || lastIs(feed, DeliveryResult.HELD);
    }

    /** An unchanged file is current as of the attempt that found it so. */
    private static Instant lastSuccess(Feed feed) {
        return feed.lastReceipt()
                .filter(receipt -> receipt.getResult() == DeliveryResult.UNCHANGED)
                .or(feed::lastDelivery)
                .map(Delivery::getStartedAt)
                .orElseThrow();
    }

    /** Two and more of them, as people say them. */
    private static String names(List<Feed> feeds) {
        List<String> names =
                feeds.stream().map(feed -> FileWords.vendor(feed.name())).toList();
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
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
