package dev.patronstream.snapshotter.safety.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.safety.check.Comparison.Change;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            emptyValue = "",
            value = {
                // held | file | before after added removed transferred changed identifiers renumbered | samples
                "student/1 HS A 41 Ann | student/1 HS A 41 Ann | 1 1 0 0 0 0 0 0 | {}",
                "student/1 HS A 41 Ann | student/1 HS I 41 Ann | 1 0 0 1 0 0 0 0 | {removed=[student/1]}",
                "student/1 HS A 41 Ann | ''                    | 1 0 0 1 0 0 0 0 | {removed=[student/1]}",
                "''                    | staff/1 HS A 41 Ann   | 0 1 1 0 0 0 0 0 | {added=[staff/1]}",
                "''                    | staff/1 HS I 41 Ann   | 0 0 0 0 0 0 0 0 | {}",
                "student/1 HS A 41 Ann | student/1 HS A 41 Bob | 1 1 0 0 0 1 0 0 | {changed=[student/1]}",
                // Another site and another identifier are changes as well; the site is one of the columns compared.
                "student/1 HS A 41 Ann | student/1 MS A 41 Ann | 1 1 0 0 1 1 0 0 "
                        + "| {changed=[student/1], transferred=[student/1]}",
                "student/1 HS A 41 Ann | student/1 HS A 42 Ann | 1 1 0 0 0 1 1 0 "
                        + "| {changed=[student/1], with other identifiers=[student/1]}",
                // Another ID of Aeries, and else the same: one for one.
                "student/1 HS A 41 Ann | student/2 HS A 42 Ann | 1 1 1 1 0 0 0 1 "
                        + "| {added=[student/2], removed=[student/1]}",
                "student/1 HS A 41 Ann | student/2 HS A 42 Bob | 1 1 1 1 0 0 0 0 "
                        + "| {added=[student/2], removed=[student/1]}",
                "student/1 HS A 41 Ann; student/2 HS A 42 Ann | student/3 HS A 43 Ann | 2 1 1 2 0 0 0 1 "
                        + "| {added=[student/3], removed=[student/1, student/2]}",
                "student/1 HS A 41 Ann | student/2 HS A 42 Ann; student/3 HS A 43 Ann | 1 2 2 1 0 0 0 1 "
                        + "| {added=[student/2, student/3], removed=[student/1]}",
                "student/1 HS A 41 Ann; student/2 HS A 42 Ann | student/3 HS A 43 Ann; student/4 HS A 44 Ann "
                        + "| 2 2 2 2 0 0 0 2 "
                        + "| {added=[student/3, student/4], removed=[student/1, student/2]}",
                // Who is in another feed of the system now is not lost.
                "student/1 HS A 41 Moved | ''                     | 1 0 0 0 1 0 0 0 | {transferred=[student/1]}",
                "student/1 HS I 41 Moved | ''                     | 0 0 0 0 0 0 0 0 | {}",
                // Inactive before: nothing to lose, and back as somebody new.
                "student/1 HS I 41 Ann  | student/1 HS I 41 Bob   | 0 0 0 0 0 0 0 0 | {}",
                "student/1 HS I 41 Ann  | student/1 HS A 41 Ann   | 0 1 1 0 0 0 0 0 | {added=[student/1]}",
                "-student/1 HS A 41 Ann | ''                      | 0 0 0 0 0 0 0 0 | {}",
                "-student/1 HS A 41 Ann | student/1 HS A 41 Ann   | 0 1 1 0 0 0 0 0 | {added=[student/1]}",
                // An addition that broke off is measured again; a removal of such a person is one.
                "?student/1 HS A 41 Ann | student/1 HS A 41 Ann   | 0 1 1 0 0 0 0 0 | {added=[student/1]}",
                "?student/1 HS A 41 Ann | student/1 HS I 41 Ann   | 1 0 0 1 0 0 0 0 | {removed=[student/1]}",
                "?student/1 HS A 41 Ann | ''                      | 1 0 0 1 0 0 0 0 | {removed=[student/1]}",
            })
    void whatAFileWouldChange(String held, String file, String counts, String samples) {
        Comparison comparison = Roster.of(held).with(file);
        assertEquals(
                counts,
                numbers(
                        comparison.before(),
                        comparison.after(),
                        comparison.count(Change.ADDED),
                        comparison.count(Change.REMOVED),
                        comparison.count(Change.TRANSFERRED),
                        comparison.count(Change.CHANGED),
                        comparison.count(Change.WITH_OTHER_IDENTIFIERS),
                        comparison.renumbered()));
        DeliveryDifference difference = comparison.difference(Optional.of("destiny-1"));
        assertEquals(samples, difference.getSamples().toString());
        assertEquals(Optional.of("destiny-1"), difference.getSince());
        assertEquals(
                counts.substring(0, 11),
                numbers(
                        difference.getBefore(),
                        difference.getAfter(),
                        difference.getAdded(),
                        difference.getRemoved(),
                        difference.getTransferred(),
                        difference.getChanged()));
    }

    /** A group is what has one site and one status; what the vendor has no row of was not in it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                // held | file | site status before after added removed changed, of each group
                "student/1 HS A 41 Ann  | student/1 HS A 41 Ann | HS A 1 1 0 0 0",
                "student/1 HS A 41 Ann  | student/1 HS A 41 Bob | HS A 1 1 0 0 1",
                "student/1 HS A 41 Ann  | student/1 MS A 41 Ann | HS A 1 0 0 1 0, MS A 0 1 1 0 0",
                "student/1 HS A 41 Ann  | student/1 HS I 41 Bob | HS A 1 0 0 1 0, HS I 0 1 1 0 0",
                "student/1 HS I 41 Ann  | ''                    | HS I 1 0 0 1 0",
                "-student/1 HS I 41 Ann | student/1 HS I 41 Ann | HS I 1 1 0 0 0",
                "-student/1 HS A 41 Ann | student/1 HS A 41 Ann | HS A 0 1 1 0 0",
                "-student/1 HS A 41 Ann | ''                    | ''",
                "''                     | student/1 MS A 41 Ann; student/2 HS I 42 Bob; student/3 HS A 43 Cyd "
                        + "| HS A 0 1 1 0 0, HS I 0 1 1 0 0, MS A 0 1 1 0 0",
            })
    void whatAFileWouldChangeByGroup(String held, String file, String groups) {
        assertEquals(
                groups,
                Roster.of(held).with(file).difference(Optional.empty()).getGroups().stream()
                        .map(group -> group.getSite() + " " + group.getStatus() + " "
                                + numbers(
                                        group.getBefore(),
                                        group.getAfter(),
                                        group.getAdded(),
                                        group.getRemoved(),
                                        group.getChanged()))
                        .collect(Collectors.joining(", ")));
    }

    @Test
    void studentsOfASiteAreCountedApart() {
        Comparison comparison = Roster.of("student/1 HS A 41 Ann; staff/1 HS A 51 Cyd; student/2 MS A 42 Bob")
                .with("staff/1 HS A 51 Cyd; staff/2 HS A 52 Dan; student/3 HS A 43 Eve; student/4 HS A 44 Fay");
        Map<String, String> counts = comparison.sites().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        site -> numbers(
                                site.getValue().before,
                                site.getValue().after,
                                site.getValue().removed,
                                site.getValue().studentsBefore,
                                site.getValue().studentsAfter)));
        assertEquals(Map.of("HS", "2 4 1 1 2", "MS", "1 0 1 1 0"), counts);
    }

    @Test
    void tenOfAKindAreNamedInTheirOrder() {
        Comparison comparison = Roster.of("").with("student/7..12 HS A 4* Ann*; student/1..6 HS A 4* Ann*");
        assertEquals(12, comparison.count(Change.ADDED));
        assertEquals(
                IntStream.of(1, 2, 3, 4, 7, 8, 9, 10, 11, 12)
                        .mapToObj(id -> "student/" + id)
                        .toList(),
                comparison.difference(Optional.empty()).getSamples().get("added"));
    }

    @Test
    void whoHasARowIsKnownWhileTheFileIsTaken() {
        Comparison comparison = new Comparison(Roster.of(""), Optional.empty(), Set.of(), person -> false);
        comparison.take(Roster.row("student/1 HS A 41 Ann"));
        assertTrue(comparison.hasTaken(PersonNumber.of(PatronKind.STUDENT, 1)));
        assertFalse(comparison.hasTaken(PersonNumber.of(PatronKind.STAFF, 1)));
    }

    private static String numbers(long... numbers) {
        return LongStream.of(numbers).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }
}
