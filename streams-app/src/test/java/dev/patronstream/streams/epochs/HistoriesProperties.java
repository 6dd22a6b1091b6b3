package dev.patronstream.streams.epochs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Enrolment;
import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronRules;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.School;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random histories against the plain model. Whatever changes, wherever epochs end, in whatever order the topics are
 * read, whenever commits and crashes fall, whatever compaction removes: once settled, the outputs are what the tables
 * say, and what was written on the way was the state at the end of some epoch.
 */
final class HistoriesProperties {

    private static final PatronRules RULES = new PatronRules(
            Map.of("", PatronStatus.ACTIVE, "*", PatronStatus.PRE_ENROLLED), Set.of("C"), Set.of(4), List.of(3));
    private static final FeedSelection SMALL = new FeedSelection(
            "small",
            Set.of(1),
            Set.of(PatronStatus.ACTIVE, PatronStatus.PRE_ENROLLED),
            Set.of(PatronKind.STUDENT, PatronKind.STAFF),
            RULES);
    private static final FeedSelection SHARED = new FeedSelection(
            "shared", Set.of(2, 3), Set.of(1, 2, 3), Set.of(PatronStatus.ACTIVE), Set.of(PatronKind.STUDENT), RULES);
    private static final FeedSelection WIDER = new FeedSelection(
            "small", Set.of(1, 2, 4), Set.of(PatronStatus.values()), Set.of(PatronKind.values()), PatronRules.DEFAULT);

    private static MemoryRegistry registry;

    @BeforeContainer
    static void startRegistry() {
        registry = new MemoryRegistry();
    }

    @AfterContainer
    static void stopRegistry() {
        registry.close();
    }

    @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
    void outputsAreWhatTheTablesSay(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int epochs,
            @ForAll @IntRange(min = 1, max = 9) int piece) {
        RandomGenerator random = new java.util.Random(seed);
        District district = new District(registry.serdes(), piece, RULES, SMALL, SHARED);
        List<FeedSelection> feeds = List.of(SMALL, SHARED);
        for (int epoch = 0; epoch < epochs; epoch++) {
            int changes = random.nextInt(12);
            for (int change = 0; change < changes; change++) {
                change(district, random);
                readSome(district, random);
            }
            if (random.nextInt(10) == 0) {
                district.businessDate = district.businessDate.plusDays(random.nextInt(4));
            }
            district.endEpoch();
            switch (random.nextInt(14)) {
                case 0 -> district.crash();
                case 1 -> district.restart();
                case 2 -> district.compactWhatIsRead(District.TOPICS.enrolments());
                case 3 -> district.compactWhatIsRead(District.TOPICS.progress());
                case 4 -> {
                    district.compactWhatIsRead(District.TOPICS.schools());
                    district.compactWhatIsRead(District.TOPICS.staff());
                    district.loseState();
                }
                case 5 -> {
                    feeds = feeds.contains(WIDER) ? List.of(SMALL, SHARED) : List.of(WIDER);
                    district.restartWith(new EpochSettings(District.TOPICS, registry.serdes(), RULES, feeds, piece));
                }
                case 6 -> district.losePositions();
                case 7 -> district.settle();
                default -> readSome(district, random);
            }
        }
        district.settle();

        assertEquals(PlainModel.table(district, Optional.empty(), RULES), patrons(district));
        for (FeedSelection feed : feeds) {
            assertEquals(PlainModel.table(district, Optional.of(feed), RULES), feed(district, feed.feed()));
        }
        var applied = district.applied().orElseThrow();
        assertEquals(patrons(district).size(), applied.getPatrons());
        assertEquals(
                feeds.stream().collect(Collectors.toMap(FeedSelection::feed, feed ->
                        (long) feed(district, feed.feed()).size())),
                applied.getFeedEntries());
        assertNoRepetition(district);

        long before = district.written();
        district.loseState();
        district.settle();
        assertEquals(before, district.written(), "a rebuild wrote although nothing had changed");
    }

    /** With epochs that fit into a piece, every reader at every record sees each person as of the end of an epoch. */
    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void everyRecordIsTheStateAtTheEndOfItsEpoch(@ForAll long seed) {
        RandomGenerator random = new java.util.Random(seed);
        District district = new District(registry.serdes(), 1_000, RULES, SMALL);
        district.settle();
        Map<Long, Map<String, String>> states = new HashMap<>();
        for (int epoch = 0; epoch < 12; epoch++) {
            int changes = random.nextInt(9);
            for (int change = 0; change < changes; change++) {
                change(district, random);
                readSome(district, random);
            }
            long number = district.endEpoch();
            states.put(number, PlainModel.table(district, Optional.of(SMALL), RULES));
        }
        district.settle();
        for (District.Output output : district.outputs) {
            if (output.topic().equals(District.TOPICS.feed("small"))) {
                assertEquals(
                        states.get(output.epoch()).get(output.key()),
                        output.value() == null ? null : words(district, output));
            }
        }
    }

    private static void change(District district, RandomGenerator random) {
        switch (random.nextInt(12)) {
            case 0 -> {
                int code = 1 + random.nextInt(4);
                School school = Rows.school(code, "Name " + random.nextInt(3));
                district.put(school);
            }
            case 1 -> district.removeSchool(1 + random.nextInt(4));
            case 2, 3 -> {
                var row = Rows.staff(random.nextInt(4), random.nextInt(4));
                if (random.nextInt(4) == 0) {
                    row.setInactiveTag("R");
                }
                if (random.nextBoolean()) {
                    row.setLeaveDate(Rows.TODAY.plusDays(random.nextInt(6) - 1));
                }
                district.put(row);
            }
            case 4 -> district.removeStaff(random.nextInt(4));
            case 5 -> {
                int school = 1 + random.nextInt(4);
                district.removeEnrolment(school, random.nextInt(3));
            }
            case 6 -> district.marker(District.TOPICS.enrolments());
            default -> district.put(row(random));
        }
    }

    private static Enrolment.Builder row(RandomGenerator random) {
        var row = Rows.enrolment(1 + random.nextInt(4), random.nextInt(3), random.nextInt(5))
                .setLastName("L" + random.nextInt(3))
                .setEnterDate(random.nextInt(5) == 0 ? null : Rows.TODAY.minusDays(random.nextInt(3)));
        switch (random.nextInt(5)) {
            case 0 -> row.setStatusTag("*");
            case 1 -> row.setStatusTag("I");
            default -> {}
        }
        if (random.nextInt(4) == 0) {
            row.setAttendanceProgram("C");
        }
        return row;
    }

    private static void readSome(District district, RandomGenerator random) {
        List<String> topics = new ArrayList<>(District.TOPICS.contracts());
        topics.add(District.TOPICS.progress());
        int steps = random.nextInt(6);
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(6)) {
                case 0 -> district.tick();
                case 1 -> district.commit();
                default -> district.deliver(topics.get(random.nextInt(topics.size())));
            }
        }
    }

    /** Two records of a person that follow each other in a topic differ. */
    private static void assertNoRepetition(District district) {
        Map<String, String> last = new HashMap<>();
        for (District.Output output : district.outputs) {
            if (!output.topic().equals(District.TOPICS.epochs())) {
                String now = output.value() == null ? "gone" : record(district, output);
                String before = last.put(output.topic() + " " + output.key(), now);
                assertTrue(!now.equals(before), "written twice: " + output.topic() + " " + output.key());
            }
        }
    }

    private static String record(District district, District.Output output) {
        return withoutStamp(
                output.topic().equals(District.TOPICS.patrons())
                        ? district.patron(output).toString()
                        : district.entry(output).toString());
    }

    private static String withoutStamp(String record) {
        return record.substring(0, record.indexOf("\"epoch\""));
    }

    private static String words(District district, District.Output output) {
        var entry = district.entry(output);
        return PlainModel.words(
                entry.getLastName(), entry.getPrimary(), entry.getOthers().size());
    }

    private static Map<String, String> patrons(District district) {
        Map<String, String> words = new TreeMap<>();
        district.patrons()
                .forEach((key, patron) -> words.put(
                        key,
                        PlainModel.words(
                                patron.getLastName(),
                                patron.getPrimary(),
                                patron.getOthers().size())));
        return words;
    }

    private static Map<String, String> feed(District district, String feed) {
        Map<String, String> words = new TreeMap<>();
        district.feed(feed)
                .forEach((key, entry) -> words.put(
                        key,
                        PlainModel.words(
                                entry.getLastName(),
                                entry.getPrimary(),
                                entry.getOthers().size())));
        return words;
    }
}
