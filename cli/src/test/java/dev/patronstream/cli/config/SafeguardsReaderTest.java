package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.setting.ConfigurationProblem;
import dev.patronstream.cli.config.setting.ConfigurationText;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.safety.Leavers;
import dev.patronstream.snapshotter.safety.PausePeriod;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.safety.check.Limits;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SafeguardsReaderTest {

    private static final String HEAD = """
            district: eagle
            time-zone: America/Los_Angeles
            sqlserver: {host: sis.eagle.example, database: DST26000EAGLE, user: patronstream, password: "${env:PASSWORD}"}
            kafka: {embedded: {directory: ./data/kafka}}
            """;
    private static final String FEEDS = """
            feeds:
              destiny:
                schools: [10, 20]
                sites: {10: EAGLEHS, 20: EAGLEMS}
            """;

    @Test
    void withoutAnyKeyTheUsualSafeguardsHold() {
        assertEquals(
                new Safeguards(
                        Thresholds.of(new UsualLimits()),
                        false,
                        Leavers.inactiveFor(Duration.ofDays(90)),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                safeguards(HEAD + FEEDS));
    }

    @Test
    void eachThresholdCanBeSetOrSwitchedOff() {
        Safeguards safeguards = safeguards(HEAD + FEEDS + """
                    first: send
                    hold-when:
                      removed-above: 5%
                      added-above: 250%
                      transferred-above: off
                      rows-below: 100
                      max-age: 36h
                      school-gone: false
                    leavers: omit
                """);

        assertTrue(safeguards.sendsFirst());
        assertEquals(Thresholds.of(new ChangedLimits()), safeguards.thresholds());
        assertEquals(Leavers.OMITTED, safeguards.leavers());
    }

    private static class UsualLimits extends Limits {

        private static final Map<String, Double> SHARES = Map.of(
                "removed-above", 0.10,
                "added-above", 0.10,
                "transferred-above", 0.10,
                "changed-above", 0.75,
                "per-site-removed-above", 0.20,
                "problems-above", 0.10);

        @Override
        public Optional<Double> share(String key) {
            return Optional.of(SHARES.get(key));
        }

        @Override
        public Optional<Duration> time(String key) {
            return Optional.of(Duration.ofHours(24));
        }

        @Override
        public int number(String key) {
            return 1;
        }

        @Override
        public boolean flag(String key) {
            return true;
        }
    }

    /** Those of the test before, the usual ones for the rest. */
    private static final class ChangedLimits extends UsualLimits {

        private static final Map<String, Optional<Double>> CHANGED = Map.of(
                "removed-above", Optional.of(0.05),
                "added-above", Optional.of(2.5),
                "transferred-above", Optional.empty());

        @Override
        public Optional<Double> share(String key) {
            return CHANGED.containsKey(key) ? CHANGED.get(key) : super.share(key);
        }

        @Override
        public Optional<Duration> time(String key) {
            return Optional.of(Duration.ofHours(36));
        }

        @Override
        public int number(String key) {
            return 100;
        }

        @Override
        public boolean flag(String key) {
            return false;
        }
    }

    @Test
    void aThresholdThatWouldNeverHoldIsReported() {
        assertProblem(
                HEAD + FEEDS + "    hold-when: {removed-above: 110%}\n",
                "feeds.destiny.hold-when.removed-above",
                "write off to switch the check off");
        assertProblem(
                HEAD + FEEDS + "    hold-when: {rows-below: 0}\n",
                "feeds.destiny.hold-when.rows-below",
                "of 1 or more");
        assertProblem(
                HEAD + FEEDS + "    hold-when: {remove-above: 5%}\n",
                "feeds.destiny.hold-when.remove-above",
                "did you mean removed-above?");
        assertProblem(HEAD + FEEDS + "    leavers: never\n", "feeds.destiny.leavers", "neither omit nor");
    }

    @Test
    void pausesOfTheDistrictAndOfTheFeedAddUp() {
        Safeguards safeguards = safeguards(HEAD
                + "pause: [2026-12-21 to 2027-01-04]\n"
                + FEEDS
                + "    pause: [2026-06-12T17:00 to 2026-08-10T06:00]\n");

        assertEquals(
                List.of(
                        new PausePeriod(Instant.parse("2026-12-21T08:00:00Z"), Instant.parse("2027-01-05T08:00:00Z")),
                        new PausePeriod(Instant.parse("2026-06-13T00:00:00Z"), Instant.parse("2026-08-10T13:00:00Z"))),
                safeguards.pauses());
        assertProblem(HEAD + FEEDS + "    pause: [Christmas]\n", "feeds.destiny.pause", "2026-12-21 to 2027-01-04");
    }

    @Test
    void feedsOfOneSystemShareTheChoiceOfPrimaryEnrollments() {
        List<FeedSettings> feeds = read(HEAD + FEEDS + """
                    system: follett
                  elementary:
                    schools: [30]
                    sites: {30: OAKELEM}
                    system: follett
                  other:
                    schools: [10]
                    sites: {10: EAGLEHS}
                """).deliveries().feeds();

        assertEquals(Set.of(10, 20, 30), feeds.get(0).selection().primaryAmong());
        assertEquals(Set.of(10, 20, 30), feeds.get(1).selection().primaryAmong());
        assertEquals(Set.of(30), feeds.get(1).selection().schools());
        assertEquals(Set.of(10), feeds.get(2).selection().primaryAmong());
        assertEquals(Optional.of("follett"), feeds.get(1).safeguards().system());
    }

    @Test
    void aSchoolInTwoFeedsOfOneSystemIsAnError() {
        assertProblem(
                HEAD + FEEDS + """
                            system: follett
                          elementary:
                            schools: [30, 20]
                            sites: {30: OAKELEM, 20: EAGLEMS}
                            system: follett
                        """,
                "feeds.elementary.schools",
                "school 20 is in the feed destiny of the same system 'follett' already");
    }

    private static Configuration read(String yaml) {
        return ConfigurationReader.of(
                        Path.of("patronstream.yaml"), ConfigurationText.parse(yaml), Map.of("PASSWORD", "x"), Set.of())
                .configuration();
    }

    private static Safeguards safeguards(String yaml) {
        return read(yaml).deliveries().feeds().get(0).safeguards();
    }

    private static void assertProblem(String yaml, String path, String message) {
        List<ConfigurationProblem> problems = assertThrows(InvalidConfigurationException.class, () -> read(yaml))
                .problems();
        assertEquals(1, problems.size(), problems.toString());
        assertEquals(path, problems.get(0).path());
        assertTrue(problems.get(0).message().contains(message), problems.toString());
    }
}
