package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static dev.patronstream.streams.epochs.Rows.teacher;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.streams.rebuild.Rebuild;
import dev.patronstream.streams.runtime.DerivedState;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever part of the state is gone, on a real broker: the tables stay right, and what is right is not written again. */
@Tag("faults")
final class LostStateTest {

    private static final int STUDENTS = 200;

    /** Parts of the state, and what may be left of a clearing that was killed. */
    private enum Lost {
        FOLDER_AND_POSITIONS(true, true),
        LEDGER(false, false, "ledger"),
        ROWS_AND_POSITIONS(false, true, "rows"),
        ALL_CHANGELOGS(false, false, "dirty", "inbox", "ledger", "members", "rows", "schools", "written"),
        ALL_BUT_THE_FOLDER(false, true, "dirty", "inbox", "ledger", "members", "rows", "schools", "written"),
        WRITTEN_AND_FOLDER(true, false, "written");

        private final boolean folder;
        private final boolean positions;
        private final String stores;

        Lost(boolean folder, boolean positions, String... stores) {
            this.folder = folder;
            this.positions = positions;
            this.stores = String.join(" ", stores);
        }
    }

    @TempDir
    static Path folder;

    private static BrokerDistrict.Cluster cluster;
    private BrokerDistrict district;

    @BeforeAll
    static void startKafka() {
        cluster = new BrokerDistrict.Cluster(folder);
    }

    @AfterAll
    static void stopKafka() {
        cluster.close();
    }

    @BeforeEach
    void aDistrict() {
        district = cluster.district(folder);
        district.feeds(RebuildTest.DESTINY);
        for (int student = 0; student < STUDENTS; student++) {
            district.connector.put(enrollment(10, student, student));
        }
        district.connector.endEpoch();
        for (int student = 0; student < STUDENTS; student += 2) {
            district.connector.put(enrollment(20, student, student));
            district.connector.put(enrollment(10, student, student).setStatusTag("I"));
        }
        district.runUntilApplied(district.connector.endEpoch());
    }

    @AfterEach
    void closeDistrict() {
        district.close();
    }

    @ParameterizedTest
    @EnumSource
    void theTablesStayRight(Lost lost) {
        Map<String, String> patrons = district.patrons();
        Map<String, String> feed = district.feed("destiny");
        long feedEnd = district.end(district.topics.feed("destiny"));
        List<String> changelogs = Stream.of(lost.stores.split(" "))
                .filter(store -> !store.isEmpty())
                .map(district::changelog)
                .toList();
        if (!changelogs.isEmpty()) {
            district.deleteTopics(new ArrayList<>(changelogs));
        }
        if (lost.positions) {
            district.deletePositions();
        }
        if (lost.folder) {
            new DerivedState(district.admin, district.topics, district.stateDirectory()).deleteFolder();
        }

        district.connector.put(enrollment(10, STUDENTS, STUDENTS));
        district.connector.removeEnrollment(10, 1);
        district.runUntilApplied(district.connector.endEpoch());
        // On another machine the state comes from the changelogs alone.
        district.stateDirectory(folder.resolve("other-" + lost));
        district.connector.put(enrollment(10, STUDENTS + 1, STUDENTS + 1));
        district.runUntilApplied(district.connector.endEpoch());

        assertEquals(patrons.size() + 1, district.patrons().size());
        assertEquals(feed.size() + 1, district.feed("destiny").size());
        List<String> written = district.written(district.topics.feed("destiny"));
        assertEquals(
                List.of("-student/1@3", "student/200@3", "student/201@4"),
                written.subList(written.size() - 3, written.size()));
        assertEquals(5, district.end(district.topics.feed("destiny")) - feedEnd, "three records, two markers");
    }

    /** The connector is notified of them first: epochs that the application applies without them count their rows. */
    @Test
    void teachersMayBeSwitchedOnAndOffAndOnAgain() {
        district.teachers(false);
        district.connector.put(enrollment(10, STUDENTS, STUDENTS).setCounselorNumber(7));
        district.connector.put(teacher(10, 7, "Ms. Park"));
        district.runUntilApplied(district.connector.endEpoch());
        List<String> before = district.written(district.topics.feed("destiny"));
        assertEquals(Optional.empty(), counselor());

        district.teachers(true);
        district.runUntilApplied(district.connector.endEpoch());
        assertEquals(Optional.of("Ms. Park"), counselor());

        district.teachers(false);
        district.connector.put(teacher(10, 7, "Mrs. Park-Reyes"));
        district.runUntilApplied(district.connector.endEpoch());
        assertEquals(Optional.empty(), counselor());

        district.teachers(true);
        district.runUntilApplied(district.connector.endEpoch());
        assertEquals(Optional.of("Mrs. Park-Reyes"), counselor());

        List<String> written = district.written(district.topics.feed("destiny"));
        assertEquals(
                Set.of("student/" + STUDENTS),
                written.subList(before.size(), written.size()).stream()
                        .map(record -> record.substring(0, record.indexOf('@')))
                        .collect(Collectors.toSet()),
                "nobody else was written");
    }

    private Optional<String> counselor() {
        return district.entries("destiny")
                .get("student/" + STUDENTS)
                .getPrimary()
                .getCounselorName();
    }

    @Test
    void aFolderFromBeforeARebuildOnAnotherMachineIsNotBelieved() {
        Path here = district.stateDirectory();
        district.stateDirectory(folder.resolve("another-machine"));
        try (Rebuild rebuild = new Rebuild(district.settings(), InstantSource.system())) {
            rebuild.run(false, status -> {}, () -> false);
        }
        for (int student = 0; student < STUDENTS; student++) {
            district.connector.put(enrollment(30, student, student));
            district.connector.removeEnrollment(10, student);
        }
        district.runUntilApplied(district.connector.endEpoch());
        long patronsEnd = district.end(district.topics.patrons());
        Map<String, String> patrons = district.patrons();

        district.stateDirectory(here);
        district.connector.put(enrollment(10, STUDENTS, STUDENTS));
        district.runUntilApplied(district.connector.endEpoch());
        district.rules(new dev.patronstream.schemas.feed.PatronRules(
                dev.patronstream.schemas.feed.PatronRules.DEFAULT.statusByTag(),
                java.util.Set.of(),
                java.util.Set.of(99),
                List.of()));
        // Everybody is evaluated again, from this folder's rows.
        district.runUntilApplied(4);

        assertEquals(patrons.size() + 1, district.patrons().size());
        assertEquals(patrons, withoutStudent200(district.patrons()));
        assertEquals(2, district.end(district.topics.patrons()) - patronsEnd, "one record and its marker");
    }

    private static Map<String, String> withoutStudent200(Map<String, String> patrons) {
        patrons.remove("student/" + STUDENTS);
        return patrons;
    }
}
