package dev.patronstream.snapshotter.safety.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.snapshotter.SetLimits;
import dev.patronstream.snapshotter.Usual;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {

    private static final Instant NOW = Instant.parse("2026-11-24T16:00:00Z");

    /** The one thing of a file that a test is about; all others are as they should be. */
    private record File(
            Candidate.Counts counts,
            Candidate.Form form,
            Duration age,
            Optional<Instant> pausedUntil,
            Optional<Candidate.RollOver> rollOver,
            Comparison comparison) {

        private static final Candidate.Form FORM = new Candidate.Form(Roster.HEADERS, "same", true);

        static File of(String held, String file) {
            long rows = Roster.rows(file).count();
            return new File(
                    new Candidate.Counts(rows, rows, 0),
                    FORM,
                    Duration.ZERO,
                    Optional.empty(),
                    Optional.empty(),
                    Roster.of(held).with(file));
        }

        /** As many rows and problems as given, none of which the vendor does not hold. */
        static File of(long selected, long rows, long withProblems) {
            return new File(
                    new Candidate.Counts(selected, rows, withProblems),
                    FORM,
                    Duration.ZERO,
                    Optional.empty(),
                    Optional.empty(),
                    Roster.of("").with(""));
        }

        File stopped(Optional<Instant> pause, Optional<Candidate.RollOver> move) {
            return new File(counts, form, age, pause, move, comparison);
        }

        File written(List<String> headers, boolean properties) {
            return new File(
                    counts, new Candidate.Form(headers, "same", properties), age, pausedUntil, rollOver, comparison);
        }

        File old(Duration time) {
            return new File(counts, form, time, pausedUntil, rollOver, comparison);
        }
    }

    /** Of what the vendor holds, at the usual thresholds: at the limit is not above it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            student/1..10 HS A 4* Ann* | student/1..10 HS A 4* Ann* | ''
            student/1..10 HS A 4* Ann* | student/1..9  HS A 4* Ann* | ''
            student/1..10 HS A 4* Ann* | student/1..8  HS A 4* Ann* \
            | removed-above: 2 of the 10 patrons that the vendor holds would be removed (20 %, above 10 %)
            student/1..9 HS A 4* Ann*  | student/1..7  HS A 4* Ann* \
            | removed-above: 2 of the 9 patrons that the vendor holds would be removed (22.2 %, above 10 %), \
            per-site-removed-above: 2 of the 9 patrons of HS would be removed (22.2 %, above 20 %)
            student/1 HS A 41 Ann      | student/1     HS I 41 Ann \
            | removed-above: 1 of the 1 patron that the vendor holds would be removed (100 %, above 10 %), \
            per-site-removed-above: 1 of the 1 patron of HS would be removed (100 %, above 20 %), \
            school-gone: no patron of HS would be left, of 1
            student/1..10 HS A 4* Ann* | student/1..11 HS A 4* Ann* | ''
            student/1..10 HS A 4* Ann* | student/1..12 HS A 4* Ann* \
            | added-above: 2 patrons would be added to the 10 that the vendor holds (20 %, above 10 %)
            ''                         | student/1..3  HS A 4* Ann* \
            | added-above: 3 patrons would be added to the 0 that the vendor holds (all of them new, above 10 %)
            student/1..10 HS A 4* Ann* | student/1..9  HS A 4* Ann*; student/10 MS A 410 Ann10 | ''
            student/1..10 HS A 4* Ann* | student/1..8  HS A 4* Ann*; student/9..10 MS A 4* Ann* \
            | transferred-above: 2 of the 10 patrons that the vendor holds would get another site (20 %, above 10 %)
            student/1..8 HS A 4* Ann*  | student/1..6  HS A 4* Bob*; student/7..8 HS A 4* Ann* | ''
            student/1..8 HS A 4* Ann*  | student/1..7  HS A 4* Bob*; student/8 HS A 48 Ann8 \
            | changed-above: 7 of the 8 patrons that the vendor holds would change (87.5 %, above 75 %)
            student/1..10 HS A 4* Ann* | student/1     HS A 51 Ann1; student/2..10 HS A 4* Ann* | ''
            student/1..10 HS A 4* Ann* | student/1..2  HS A 5* Ann*; student/3..10 HS A 4* Ann* \
            | identifiers-changed: 2 of the 10 patrons that the vendor holds would get other identifiers: the vendor \
            would make new patrons of them, without their loans, beside the old ones (20 %, above 10 %)
            student/1..10 HS A 4* Ann  | student/1 HS A 51 Ann; student/2..9 HS A 4* Ann; student/11 HS A 411 Ann \
            | identifiers-changed: 2 of the 10 patrons that the vendor holds would get other identifiers, 1 of them as \
            new people of Aeries who are else the same: the vendor would make new patrons of them, without their \
            loans, beside the old ones (20 %, above 10 %)
            student/1..20 HS A 4* Ann*; staff/1 MS A 51 Bob | student/1..20 HS A 4* Ann* \
            | per-site-removed-above: 1 of the 1 patron of MS would be removed (100 %, above 20 %), \
            school-gone: no patron of MS would be left, of 1
            student/1..20 HS A 4* Ann*; student/21 MS A 421 Cyd; staff/1..9 MS A 5* Bob* \
            | student/1..20 HS A 4* Ann*; staff/1..9 MS A 5* Bob* \
            | school-gone: no student of MS would be left, of 1
            staff/1..9 MS A 5* Bob*    | staff/1..9 MS A 5* Bob* | ''
            """)
    void sharesAreHeldAboveTheirLimits(String held, String file, String holds) {
        assertEquals(holds, holds(Usual.THRESHOLDS, File.of(held.replaceAll(" +", " "), file.replaceAll(" +", " "))));
        assertEquals("", holds(SetLimits.NONE, File.of(held.replaceAll(" +", " "), file.replaceAll(" +", " "))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            0  | 0  | 0 | empty: the file would hold no patron (the feed has 0, the problem report says why none); \
            check the feed's schools and statuses
            7  | 0  | 7 | empty: the file would hold no patron (the feed has 7, the problem report says why they were \
            left out); check the feed's schools and statuses
            10 | 9  | 1 | ''
            10 | 9  | 2 | problems-above: 2 of the 10 patrons of the feed are in the problem report (20 %, above 10 %)
            1  | 1  | 1 | problems-above: 1 of the 1 patron of the feed are in the problem report (100 %, above 10 %)
            """)
    void rowsAndProblems(long selected, long rows, long withProblems, String holds) {
        assertEquals(holds, holds(Usual.THRESHOLDS, File.of(selected, rows, withProblems)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            1 | 2 | rows-below: the file would hold 1 patron, fewer than 2
            2 | 3 | rows-below: the file would hold 2 patrons, fewer than 3
            3 | 3 | ''
            """)
    void fewerRowsThanAFeedMustHave(long rows, int fewest, String holds) {
        Thresholds rowsBelow = SetLimits.only(Map.of("rows-below", fewest));
        assertEquals(holds, holds(rowsBelow, File.of(rows, rows, 0)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            90   | 90   | ''
            90   | 91   | max-age: the file says how things stood 91 minutes ago, at 2026-11-24T14:29:00Z, and nothing \
            newer has come from Aeries; older than 90 minutes is held. Is capture running?
            120  | 150  | max-age: the file says how things stood 2 hours ago, at 2026-11-24T13:30:00Z, and nothing \
            newer has come from Aeries; older than 2 hours is held. Is capture running?
            1440 | 2880 | max-age: the file says how things stood 2 days ago, at 2026-11-22T16:00:00Z, and nothing \
            newer has come from Aeries; older than 24 hours is held. Is capture running?
            """)
    void anOldFileIsHeld(long limitMinutes, long ageMinutes, String holds) {
        Thresholds maxAge = SetLimits.only(Map.of("max-age", Duration.ofMinutes(limitMinutes)));
        assertEquals(holds, holds(maxAge, File.of(1, 1, 0).old(Duration.ofMinutes(ageMinutes))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            Site,Status,Barcode,Name | true  | same  | ''
            Site,Status,Barcode,Name | true  | other | columns-changed: the description of the columns in \
            patronimport.properties is not that of the last file (another header row, encoding, key, treatment of \
            blanks, or name of the file), and Destiny's job would misread the file or miss it; upload the new \
            patronimport.properties by hand in Destiny's job, then approve
            Site,Status,Barcode,Name | false | other | columns-changed: the files are not written as the last ones \
            were (another header row, encoding, delimiter, quotes, line end, or name of a file); tell the vendor, then \
            approve
            Site,Status,Name,Barcode | false | same  | columns-changed: the columns are not those of the last file \
            (another order); tell the vendor, then approve
            Site,Status,Grade,House  | true  | other | columns-changed: the columns are not those of the last file \
            (new: Grade, House; gone: Barcode, Name); upload the new patronimport.properties by hand in Destiny's job, \
            then approve
            Site,Status,Barcode,Name,House | false | same | columns-changed: the columns are not those of the last \
            file (new: House); tell the vendor, then approve
            Site,Status,Barcode      | false | same  | columns-changed: the columns are not those of the last file \
            (gone: Name); tell the vendor, then approve
            """)
    void columnsAndHowTheyAreWrittenAreThoseOfTheLastFile(
            String columns, boolean hasProperties, String description, String holds) {
        File file = File.of(1, 1, 0).written(List.of(columns.split(",")), hasProperties);
        assertEquals(holds, holds(SetLimits.NONE, true, file, Optional.of(last(description, Roster.HEADERS))));
        // What nothing is known of is not compared.
        HeldDelivery unknown =
                HeldDelivery.newBuilder().setDeliveryId("destiny-1").build();
        assertEquals("", holds(SetLimits.NONE, true, file, Optional.of(unknown)));
    }

    @Test
    void theFirstFileWaitsUnlessItIsSaidToBeSent() {
        File file = File.of("", "student/1 HS A 41 Ann");
        assertEquals(
                "first: it is the first file of the feed, with 1 patron; compare it with what the vendor has before it"
                        + " overwrites years of cards and log-ins",
                holds(Usual.THRESHOLDS, false, file, Optional.empty()));
        assertEquals("", holds(Usual.THRESHOLDS, true, file, Optional.empty()));
    }

    @Test
    void aPauseAndARollOverHoldBesideEachOther() {
        File file = File.of(1, 1, 0)
                .stopped(Optional.of(NOW.plusSeconds(60)), Optional.of(new Candidate.RollOver("DST25000", "DST26000")));
        assertEquals(
                "pause: deliveries of the feed are paused until 2026-11-24T16:01:00Z, roll-over: the feed is still of"
                        + " database DST25000, and the configured one is DST26000: nothing is delivered until DST26000"
                        + " has been read in full",
                holds(SetLimits.NONE, file));
    }

    private static String holds(Thresholds thresholds, File file) {
        return holds(thresholds, false, file, Optional.of(last("same", Roster.HEADERS)));
    }

    private static String holds(Thresholds thresholds, boolean sendsFirst, File file, Optional<HeldDelivery> last) {
        return new Checks(thresholds, sendsFirst)
                        .holds(new Candidate(
                                file.counts(),
                                file.form(),
                                NOW.minus(file.age()),
                                NOW,
                                file.pausedUntil(),
                                file.rollOver(),
                                file.comparison(),
                                last))
                        .stream()
                        .map(hold -> hold.getCheck() + ": " + hold.getMessage())
                        .collect(Collectors.joining(", "));
    }

    private static HeldDelivery last(String description, List<String> columns) {
        return HeldDelivery.newBuilder()
                .setDeliveryId("destiny-1")
                .setColumns(columns)
                .setDescription(description)
                .build();
    }
}
