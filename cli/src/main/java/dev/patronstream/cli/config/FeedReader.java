package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Reading;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.cli.config.setting.Values;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.CarriedFields;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.RetryPolicy;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the feeds, one at a time. */
final class FeedReader {

    static final Map<String, PatronKind> KINDS = Map.of("students", PatronKind.STUDENT, "staff", PatronKind.STAFF);

    private final Reading reading;
    private final LayoutReader layouts;
    private final NeededColumns needed = new NeededColumns();
    private final SafeguardsReader safeguards;
    private final Map<String, Set<Integer>> schoolsBySystem = new HashMap<>();
    private final PatronRules rules;
    private final ZoneId timeZone;

    FeedReader(Reading reading, Section top, LayoutReader layouts, PatronRules rules, ZoneId timeZone) {
        this.layouts = layouts;
        this.reading = reading;
        this.safeguards = new SafeguardsReader(top, timeZone);
        readSystems(top.section("feeds"));
        this.rules = rules;
        this.timeZone = timeZone;
    }

    /** Returns what the feeds read so far need to be captured for them. */
    CapturedColumns neededColumns() {
        return needed.columns();
    }

    Optional<FeedSettings> read(String feed, Section section) {
        try {
            new Topics("d").feed(feed);
        } catch (IllegalArgumentException e) {
            section.wrong(section.path(), String.valueOf(e.getMessage()));
        }
        CarriedFields named = fields(section);
        needed.add(named.names());
        boolean hasColumnsOfFields = section.has("fields") && !section.has("layout");
        Optional<LayoutSettings> layout = hasColumnsOfFields ? layouts.ofFields(section, named) : layouts.read(section);
        Set<String> used = layout.map(LayoutSettings::fields).orElse(Set.of());
        needed.add(used);
        Optional<FeedSelection> selection = selection(feed, section, named.and(used));
        selection.ifPresent(whom -> {
            needed.addNamed(whom.kinds(), section.texts("fields"));
            layout.filter(what -> !hasColumnsOfFields).ifPresent(what -> needed.addNamed(whom.kinds(), what.named()));
            for (Condition condition : whom.conditions().all()) {
                Set<PatronKind> concerned = new HashSet<>(condition.kinds());
                concerned.retainAll(whom.kinds());
                needed.addNamed(concerned, List.of(condition.key()));
            }
        });
        ZoneId zone = section.value("time-zone", Values.TIME_ZONE).orElse(timeZone);
        Optional<ScheduleSettings> schedule = schedule(section, zone);
        RetryPolicy retryPolicy = new RetryPolicy(
                section.orUsual("retry-within", Values.TIME_OR_NONE), section.durationOrOff("resend-after"));
        Optional<Destination> destination =
                section.optionalSection("destination").flatMap(below -> new DestinationReader(layout).read(below));
        Optional<Safeguards> guards = safeguards.read(section, zone);
        section.finish();

        Optional<FeedSettings> settings = selection.flatMap(whom -> layout.flatMap(what -> guards.flatMap(
                how -> section.build(() -> new FeedSettings(whom, what, schedule, destination, how, retryPolicy)))));
        settings.ifPresent(whole -> whole.problems()
                .forEach(problem -> reading.problem(section.path() + "." + problem.path(), problem.message())));
        return settings;
    }

    private static Optional<ScheduleSettings> schedule(Section section, ZoneId zone) {
        Optional<String> cron = section.optionalText("schedule");
        Optional<Duration> onChange = section.optionalSection("on-change").map(below -> {
            Duration time = below.duration("at-most-every");
            below.finish();
            return time;
        });
        Optional<Duration> lateAfter = section.durationOrOff("late-after");
        return cron.isEmpty() && onChange.isEmpty()
                ? Optional.empty()
                : Optional.of(new ScheduleSettings(cron, onChange, lateAfter, zone));
    }

    private static CarriedFields fields(Section section) {
        try {
            return CarriedFields.of(section.texts("fields"));
        } catch (IllegalArgumentException e) {
            section.wrong(section.at("fields"), String.valueOf(e.getMessage()));
            return CarriedFields.of(Set.of());
        }
    }

    private Optional<FeedSelection> selection(String feed, Section section, CarriedFields carried) {
        Set<Integer> schools = new HashSet<>(section.schools("schools"));
        if (schools.isEmpty()) {
            section.wrong(section.at("schools"), "is missing; name the school codes of the feed, like [10, 20]");
        }
        Set<PatronStatus> statuses = section.choices("statuses", Values.constant(PatronStatus.class));
        Set<PatronKind> kinds = section.choices("patrons", KINDS::get);
        Set<Integer> among = new HashSet<>(section.schools("primary-among"));
        among.addAll(schools);
        section.optionalText("system").map(schoolsBySystem::get).ifPresent(among::addAll);
        Conditions conditions = new ConditionsReader(section, kinds).read();
        needed.add(conditions.all().stream().map(Condition::captured).toList());
        return section.build(
                () -> new FeedSelection(feed, schools, among, statuses, kinds, conditions, carried, rules));
    }

    /**
     * Feeds that go to the same system at a vendor share one choice of primary enrollments, over the schools of all of
     * them, so that a child is in one of them at a time. A school that two of them name is reported.
     */
    private void readSystems(Section feeds) {
        Map<String, Map<Integer, String>> feedBySchool = new HashMap<>();
        for (String name : feeds.names()) {
            Section feed = feeds.section(name);
            feed.optionalText("system").ifPresent(system -> {
                Map<Integer, String> taken = feedBySchool.computeIfAbsent(system, s -> new TreeMap<>());
                for (int school : Set.copyOf(feed.schools("schools"))) {
                    String other = taken.putIfAbsent(school, name);
                    if (other != null) {
                        feed.wrong(
                                feed.at("schools"),
                                "school " + school + " is in the feed " + other + " of the same system '" + system
                                        + "' already; leave it in one of the two");
                    }
                }
                schoolsBySystem.put(system, taken.keySet());
            });
        }
    }
}
