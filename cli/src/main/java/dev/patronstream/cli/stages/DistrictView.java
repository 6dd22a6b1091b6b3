package dev.patronstream.cli.stages;

import dev.patronstream.cli.web.StatusReport.Freshness;
import dev.patronstream.cli.web.StatusReport.FreshnessState;
import dev.patronstream.cli.web.StatusReport.Instance;
import dev.patronstream.cli.web.StatusReport.Notice;
import dev.patronstream.cli.web.StatusReport.Role;
import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.cli.web.TimeWords;
import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.StageFeed;
import dev.patronstream.schemas.StageFreshness;
import dev.patronstream.schemas.StageInstance;
import dev.patronstream.schemas.StageProgress;
import dev.patronstream.schemas.StageReport;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The district as it is at one moment, from what the stages of all its processes have said. Immutable.
 *
 * @param heard what they said last
 * @param self this process
 * @param absence how long nothing has been seen of a stage of which no last word is known
 * @param now the moment
 * @param words times in the district's words
 */
public record DistrictView(
        List<Heard> heard, StageInstance self, Function<String, Duration> absence, Instant now, TimeWords words) {

    /** The names of the stages in the topic, in the order of a row's way. */
    private static final Map<String, StageName> NAMES = new TreeMap<>(Map.of(
            "connector", StageName.CAPTURE, "streams-app", StageName.PATRONS, "snapshotter", StageName.DELIVERIES));

    /** Processes that waited longer than this for one that does the work do not get to do it. */
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofMinutes(1);

    /** Drops those that have been replaced: another instance came after their last word. */
    public DistrictView {
        heard = heard.stream()
                .filter(one -> !(one.isSilent() && one.replaced()))
                .toList();
    }

    /** Returns the stages that the district needs, in the order of a row's way. */
    public List<Stage> stages(boolean delivers) {
        List<Stage> stages = new ArrayList<>(List.of(stage("connector"), stage("streams-app")));
        if (delivers || chosen("snapshotter").isPresent()) {
            stages.add(stage("snapshotter"));
        }
        return stages;
    }

    /** Returns how old what is published may be. */
    public Freshness freshness(Duration staleAfter) {
        Optional<Heard> capture = chosen("connector").filter(one -> !one.isSilent());
        Optional<StageProgress> captured = capture.flatMap(one -> one.report().getProgress());
        Optional<Instant> asOf = chosen("streams-app").flatMap(one -> one.report()
                .getProgress()
                .flatMap(StageProgress::getFreshAgeMillis)
                .map(millis -> now.minusMillis(millis).minus(age(one))));
        boolean stalled = captured.filter(progress -> progress.getFreshness() == StageFreshness.STALLED)
                .isPresent();
        String note = captured.map(StageProgress::getNote).map(words::in).orElse("");
        if (stalled) {
            return new Freshness(FreshnessState.STALLED, asOf, note);
        }
        if (asOf.isEmpty()) {
            return note.isEmpty() ? Freshness.NOT_YET : new Freshness(FreshnessState.UNKNOWN, asOf, note);
        }
        if (asOf.get().plus(staleAfter).isBefore(now)) {
            return new Freshness(FreshnessState.STALE, asOf, note);
        }
        boolean known = captured.filter(progress -> progress.getFreshness() == StageFreshness.UNKNOWN)
                .isEmpty();
        return new Freshness(known ? FreshnessState.KNOWN : FreshnessState.UNKNOWN, asOf, note);
    }

    /**
     * How long ago something was said. What a process of this machine says counts by its clock too: the record may have
     * waited for a broker before it was in the topic.
     */
    private Duration age(Heard one) {
        Duration byClock = Duration.between(one.report().getHeartbeatAt(), now);
        boolean here = one.report().getInstance().getHost().equals(self.getHost());
        return here && byClock.compareTo(one.age()) > 0 ? byClock : one.age();
    }

    public OptionalLong patrons() {
        return table().flatMap(StageProgress::getPatrons).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    public OptionalLong entries(String feed) {
        return table().map(table -> table.getFeedEntries().get(feed))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** Returns how the deliveries of a feed are doing, as the leading snapshotter says. */
    public Optional<StageFeed> feed(String feed) {
        return chosen("snapshotter").map(one -> one.report().getFeeds().get(feed));
    }

    public Map<String, Long> counters() {
        return chosen("connector").map(one -> one.report().getCounters()).orElse(Map.of());
    }

    /** Returns whether it is for this process to send alerts: the leading snapshotter, or else the first that can. */
    public boolean sendsAlerts() {
        return heard.stream()
                .filter(one -> !one.isSilent())
                .filter(one -> one.report().getInstance().getSendsAlerts())
                .min(Comparator.<Heard, Boolean>comparing(
                                one -> !one.report().getStage().equals("snapshotter")
                                        || one.report().getRole().getLeads() != Lead.YES)
                        .thenComparing(one -> StageMemory.key(one.report())))
                .filter(this::isHere)
                .isPresent();
    }

    /** Returns the stages that another process has sent an alert about. */
    List<String> alertsOfOthers() {
        return heard.stream()
                .filter(one -> !isHere(one))
                .flatMap(one -> one.report().getAlerts().stream())
                .toList();
    }

    /** Returns the newest day that another process knows people to have got the summary of. */
    public Optional<LocalDate> summaryOfOthers() {
        return heard.stream()
                .filter(one -> !isHere(one))
                .flatMap(one -> one.report().getSummarizedOn().stream())
                .max(Comparator.naturalOrder());
    }

    private boolean isHere(Heard one) {
        StageInstance instance = one.report().getInstance();
        return instance.getHost().equals(self.getHost())
                && instance.getPid() == self.getPid()
                && instance.getStartedAt().equals(self.getStartedAt());
    }

    private Optional<StageProgress> table() {
        return chosen("streams-app").flatMap(one -> one.report().getProgress());
    }

    /** The one that does the work, or else the one that tells most of it: heard of, not given up, the newest. */
    private Optional<Heard> chosen(String stage) {
        return of(stage).findFirst();
    }

    private Stream<Heard> of(String stage) {
        return heard.stream()
                .filter(one -> one.report().getStage().equals(stage))
                .sorted(Comparator.comparing(Heard::isSilent)
                        .thenComparing(one -> one.report().getRole().getLeads() != Lead.YES)
                        .thenComparing(one -> state(one) == StageState.FAILED)
                        .thenComparing(
                                one -> sinceHeard(one, one.report().getRole().getSince())));
    }

    private Stage stage(String stage) {
        StageName name = NAMES.get(stage);
        List<Instance> instances = of(stage).map(this::instance).toList();
        Optional<Heard> chosen = chosen(stage);
        if (chosen.isEmpty()) {
            Duration gone = absence.apply(stage);
            boolean waited = gone.compareTo(Heard.SILENT_AFTER) >= 0;
            return new Stage(
                    name,
                    waited ? StageState.MISSING : StageState.STARTING,
                    waited
                            ? "No process runs it. Start one: patronstream run --only " + stage
                            : "No process runs it at the moment.",
                    now.minus(gone),
                    Map.of());
        }
        Heard one = chosen.get();
        StageReport report = one.report();
        StageState state = state(one);
        String sentence = words.in(report.getMessage());
        Instant since = now.minus(sinceHeard(one, report.getSince()));
        if (state == StageState.SILENT) {
            String process = process(report);
            sentence = process.substring(0, 1).toUpperCase(Locale.ROOT) + process.substring(1)
                    + " has ended, hangs, or cannot reach Kafka. Look at it and at its log. It said last: " + sentence;
            since = now.minus(one.age());
        } else if (report.getRole().getLeads() == Lead.WAITS
                && sinceHeard(one, report.getRole().getSince()).compareTo(TAKEN_OVER_WITHIN) > 0) {
            state = StageState.MISSING;
            sentence = "Every process that has it waits for another one, and none does the work: " + process(report)
                    + " " + sentence;
            since = now.minus(sinceHeard(one, report.getRole().getSince()));
        }
        List<Notice> notices = report.getNotes().stream()
                .map(note ->
                        new Notice(note.getAt().map(at -> now.minus(sinceHeard(one, at))), words.in(note.getText())))
                .toList();
        return new Stage(name, state, sentence, since, new TreeMap<>(report.getDetails()), notices, instances);
    }

    private Instance instance(Heard one) {
        StageInstance instance = one.report().getInstance();
        return new Instance(
                process(one.report()),
                isHere(one),
                state(one),
                words.in(one.report().getMessage()),
                switch (one.report().getRole().getLeads()) {
                    case YES -> Role.LEADS;
                    case WAITS -> Role.WAITS;
                    case NO -> Role.NEITHER;
                },
                now.minus(sinceHeard(one, one.report().getRole().getSince())),
                now.minus(one.age()),
                instance.getStatusUrl());
    }

    /** One that said that it had given up has not only fallen silent. */
    private static StageState state(Heard one) {
        StageState said = StageState.valueOf(one.report().getState().name());
        return one.isSilent() && said != StageState.FAILED ? StageState.SILENT : said;
    }

    /** How long ago something was by now: by the clock of who said it, up to when it said so. */
    private static Duration sinceHeard(Heard one, Instant then) {
        Duration before = Duration.between(then, one.report().getHeartbeatAt());
        return one.age().plus(before.isNegative() ? Duration.ZERO : before);
    }

    private static String process(StageReport report) {
        return "process " + report.getInstance().getPid() + " on "
                + report.getInstance().getHost();
    }
}
