package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.snapshotter.safety.Blackout;
import dev.patronstream.snapshotter.safety.Leavers;
import dev.patronstream.snapshotter.safety.PausePeriod;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.safety.check.Limits;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what stands between a feed's file and its vendor. */
final class SafeguardsReader {

    private final Section top;

    /** Makes a reader; the pauses at the top of the configuration are of every feed, and are checked without feeds, too. */
    SafeguardsReader(Section top, ZoneId zone) {
        this.top = top;
        pauses(top, zone);
    }

    Optional<Safeguards> read(Section feed, ZoneId zone) {
        Optional<Thresholds> thresholds = thresholds(feed.section("hold-when"));
        boolean sendsFirst = feed.choice("first", "send"::equals);
        Optional<Leavers> leavers = leavers(feed);
        List<PausePeriod> pauses = new ArrayList<>(pauses(top, zone));
        pauses.addAll(pauses(feed, zone));
        List<Blackout> blackout = blackout(feed, zone);
        Optional<String> system = feed.optionalText("system");
        return thresholds.flatMap(limits -> leavers.flatMap(
                who -> feed.build(() -> new Safeguards(limits, sendsFirst, who, pauses, blackout, system))));
    }

    private static Optional<Thresholds> thresholds(Section section) {
        Thresholds thresholds = Thresholds.of(new WrittenLimits(section));
        section.finish();
        return section.build(() -> thresholds);
    }

    private static final class WrittenLimits extends Limits {

        private final Section section;

        WrittenLimits(Section section) {
            this.section = section;
        }

        @Override
        public Optional<Double> share(String key) {
            return section.shareOrOff(key);
        }

        @Override
        public Optional<Duration> time(String key) {
            return section.durationOrOff(key);
        }

        @Override
        public int number(String key) {
            return section.integer(key);
        }

        @Override
        public boolean flag(String key) {
            return section.flag(key);
        }
    }

    private static Optional<Leavers> leavers(Section feed) {
        Optional<String> single = feed.singleText("leavers");
        if (single.isPresent()) {
            if (!single.get().equals("omit")) {
                feed.wrong(feed.at("leavers"), "'" + single.get() + "' is neither omit nor {inactive-for: 90d}");
            }
            return feed.build(() -> Leavers.OMITTED);
        }
        Section section = feed.section("leavers");
        Duration time = section.duration("inactive-for");
        section.finish();
        return section.build(() -> Leavers.inactiveFor(time));
    }

    private static List<Blackout> blackout(Section section, ZoneId zone) {
        return parsed(
                section,
                "blackout",
                text -> Blackout.parse(text, zone),
                "are no hours; write 22:00 to 05:30, with two different times");
    }

    private static List<PausePeriod> pauses(Section section, ZoneId zone) {
        return parsed(
                section,
                "pause",
                text -> PausePeriod.parse(text, zone),
                "is not a pause; write 2026-12-21 to 2027-01-04 (both days included), or 2026-06-12T17:00 to"
                        + " 2026-08-10T06:00");
    }

    private static <T> List<T> parsed(
            Section section, String key, Function<String, Optional<T>> parser, String complaint) {
        List<T> values = new ArrayList<>();
        for (String text : section.texts(key)) {
            parser.apply(text)
                    .ifPresentOrElse(values::add, () -> section.wrong(section.at(key), "'" + text + "' " + complaint));
        }
        return values;
    }
}
