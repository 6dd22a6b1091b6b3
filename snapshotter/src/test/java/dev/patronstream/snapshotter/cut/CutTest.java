package dev.patronstream.snapshotter.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import dev.patronstream.snapshotter.layout.Entries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cut holds once it is made; {@code FeedCutterTest} makes it over a broker. */
class CutTest {

    @ParameterizedTest
    @CsvSource({
        "STUDENT, 0, student/0",
        "STUDENT, 2147483647, student/2147483647",
        "STAFF, 0, staff/0",
        "STAFF, 7, staff/7",
        "STAFF, 2147483647, staff/2147483647",
    })
    void aPersonIsANumber(PatronKind kind, int id, String key) {
        long person = PersonNumber.of(kind, id);
        assertEquals(key, PersonNumber.key(person));
        assertEquals(kind, PersonNumber.kind(person));
        assertEquals(id, PersonNumber.id(person));
        assertEquals(person, PersonNumber.ofKey(key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "student/", "student/x", "staff/2147483648", "teacher/1", "1"})
    void whatIsNoKeyIsRefusedByName(String key) {
        String message = assertThrows(IllegalArgumentException.class, () -> PersonNumber.ofKey(key))
                .getMessage();
        assertEquals("'" + key + "' is not the key of a person", message);
    }

    @Test
    void studentsComeFirstThenStaffEachById() {
        EpochApplied epoch = new EpochApplied();
        Map<Long, byte[]> entries = Map.of(
                PersonNumber.of(PatronKind.STAFF, 1), new byte[] {21},
                PersonNumber.of(PatronKind.STUDENT, 20), new byte[] {20},
                PersonNumber.of(PatronKind.STUDENT, 3), new byte[] {3});
        Cut cut = new Cut(epoch, entries, bytes -> Entries.student(bytes[0], e -> {}));
        List<Integer> read = new ArrayList<>();
        cut.forEach(entry -> read.add(entry.getId()));
        assertEquals(List.of(3, 20, 21), read);
        assertEquals(3, cut.size());
        assertSame(epoch, cut.epoch());
        assertTrue(cut.holds(PersonNumber.of(PatronKind.STUDENT, 3)));
        assertTrue(cut.holds(PersonNumber.of(PatronKind.STAFF, 1)));
        assertFalse(cut.holds(PersonNumber.of(PatronKind.STUDENT, 1)));
        assertFalse(cut.holds(PersonNumber.of(PatronKind.STAFF, 3)));
    }
}
