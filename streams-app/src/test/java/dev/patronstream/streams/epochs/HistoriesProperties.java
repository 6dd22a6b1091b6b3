package dev.patronstream.streams.epochs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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

    /** Changes, and whatever may happen to the application meanwhile. */
    @Provide
    Arbitrary<List<Act>> histories() {
        return Acts.any().list().ofMaxSize(100);
    }

    /** Changes, and records read in any order. */
    @Provide
    Arbitrary<List<Act>> calmHistories() {
        return Acts.calm().list().ofMaxSize(60);
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void outputsAreWhatTheTablesSay(
            @ForAll("histories") List<Act> history, @ForAll @IntRange(min = 1, max = 9) int piece) {
        District district = new District(registry.serdes(), piece, RULES, SMALL, SHARED).withTeachers();
        EpochSettings usual = district.settings();
        EpochSettings other = new EpochSettings(District.TOPICS, registry.serdes(), RULES, List.of(WIDER), piece);
        Map<Long, List<Map<String, String>>> states = new HashMap<>();
        district.whenPublished = epoch -> states.put(
                epoch,
                List.of(
                        PlainModel.table(district, Optional.empty(), RULES, true),
                        PlainModel.table(district, Optional.of(SMALL), RULES, true),
                        PlainModel.table(district, Optional.of(SHARED), RULES, true),
                        PlainModel.table(district, Optional.empty(), RULES, false),
                        PlainModel.table(district, Optional.of(WIDER), RULES, false)));
        district.whenAnnounced = announced -> assertIsTheStateOf(states.get(announced.getEpoch()), district);
        for (Act act : history) {
            if (act instanceof Act.Reconfigure) {
                district.restartWith(district.settings().equals(usual) ? other : usual);
            } else {
                act.on(district);
            }
        }
        district.endEpoch();
        district.settle();

        List<FeedSelection> feeds = district.settings().feeds();
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
    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void everyRecordIsTheStateAtTheEndOfItsEpoch(@ForAll("calmHistories") List<Act> history) {
        District district = new District(registry.serdes(), 1_000, RULES, SMALL).withTeachers();
        district.settle();
        Map<Long, Map<String, String>> states = new HashMap<>();
        for (Act act : history) {
            if (act instanceof Act.EndEpoch) {
                states.put(district.endEpoch(), PlainModel.table(district, Optional.of(SMALL), RULES));
            } else {
                act.on(district);
            }
        }
        states.put(district.endEpoch(), PlainModel.table(district, Optional.of(SMALL), RULES));
        district.settle();
        for (District.Output output : district.outputs) {
            if (output.topic().equals(District.TOPICS.feed("small"))) {
                assertEquals(
                        states.get(output.epoch()).get(output.key()),
                        output.value() == null ? null : words(district, output));
            }
        }
    }

    /** Anyone who reads on from an announcement sees what the tables said at the end of that epoch, and nothing else ever. */
    private static void assertIsTheStateOf(List<Map<String, String>> state, District district) {
        List<FeedSelection> feeds = district.settings().feeds();
        assertEquals(state.get(feeds.contains(WIDER) ? 3 : 0), patrons(district));
        for (FeedSelection feed : feeds) {
            assertEquals(
                    state.get(List.of(SMALL, SHARED, RULES, WIDER).indexOf(feed) + 1), feed(district, feed.feed()));
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
