package dev.patronstream.cli.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.WrittenLayout;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.snapshotter.layout.PatronFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {

    @TempDir
    Path folder;

    private static FeedEntry student(int id, Consumer<FeedEntry.Builder> change) {
        // Avro makes contract records only once the serdes have declared them.
        new AvroSerdes(Map.of("schema.registry.url", "http://127.0.0.1:1"));
        FeedEntry.Builder entry = FeedEntry.newBuilder()
                .setFeed("destiny")
                .setKind(PatronKind.STUDENT)
                .setId(id)
                .setLastName("Lee")
                .setFirstName("Ann")
                .setNetworkLogin("s" + id)
                .setPrimary(Affiliation.newBuilder()
                        .setSchoolCode(10)
                        .setStatus(PatronStatus.ACTIVE)
                        .build())
                .setEpoch(1)
                .setWatermark("00000027:00000758:0005");
        change.accept(entry);
        return entry.build();
    }

    private Reconciler.Result compare(String export, FeedEntry... people) throws IOException {
        Path file = Files.writeString(folder.resolve("export.csv"), export);
        return Reconciler.with(file).compare(file(people));
    }

    private static PatronFile file(FeedEntry... people) {
        return new PatronFile(
                WrittenLayout.of("feeds: {destiny: {schools: [10], sites: {10: EAGLEHS}, user-name: nid}}")
                        .layout(),
                List.of(people));
    }

    @Test
    void saysOfEachPatronWhatTheFirstDeliveryWouldDo() throws IOException {
        Reconciler.Result result = compare(
                """
                Site Short Name,Barcode,District ID,Last Name,First Name,Patron Type,Status,Homeroom,User Name
                EAGLEHS,1,1,Lee,Ann,Student,A,,s1
                EAGLEHS,P 2,2,Lee,Ann,Student,Active,,annlee
                EAGLEMS,3,3,Lee,Anna,Pupil,Inactive,,s3
                EAGLEHS,4,OLD-4,Lee,Ann,Student,A,,s4
                EAGLEHS,6,99,Else,Somebody,Student,A,,else
                EAGLEHS,X6,6,Lee,Ann,Student,A,,s6
                EAGLEHS,7,7,Lee,Ann,Student,A,,s7
                EAGLEHS,7b,7,Lee,Ann,Student,A,,s7
                EAGLEHS,8,8,Gone,Long,Student,A,,s8
                """,
                student(1, e -> {}),
                student(2, e -> {}),
                student(3, e -> {}),
                student(4, e -> {}),
                student(5, e -> {}),
                student(6, e -> {}),
                student(7, e -> {}));
        assertEquals(
                List.of(
                        "student/4,only-by-barcode",
                        "student/7,several-in-destiny",
                        "student/3,transferred",
                        "student/2,barcode-changes",
                        "student/6,barcode-changes",
                        "student/6,barcode-taken",
                        "student/2,user-name-changes",
                        "student/3,name-changes",
                        "student/3,type-changes",
                        "student/3,reactivated"),
                result.details());
        String text = String.join("\n", result.lines());
        assertTrue(
                text.startsWith("7 patrons in the file, 9 in Destiny's export\n       4  match by District ID"), text);
        assertTrue(text.contains("       1  are new to Destiny"), text);
        assertTrue(text.contains("       2  are in Destiny and not in the file"), text);
        assertFalse(text.contains("annlee") || text.contains("Anna"), text);
    }

    @Test
    void sitesTypesAndHomeroomsThatNobodyHasAreNamed() throws IOException {
        Reconciler.Result result = compare(
                "site,barcode,DISTRICT_ID,Patron-Type\nEAGLE HS,1,1,Pupil\n", student(1, e -> {}), student(2, e -> {}));
        String text = String.join("\n", result.lines());
        assertTrue(text.contains("Sites that nobody in Destiny has"), text);
        assertTrue(text.contains("       2  EAGLEHS"), text);
        assertTrue(text.contains("Patron types that Destiny would create:\n       2  Student"), text);
        assertTrue(text.contains("no such column: Last Name, First Name, Status, Homeroom, User Name"), text);
    }

    @Test
    void anExportInWindows1252IsReadAsSuch() throws IOException {
        Path export = Files.write(
                folder.resolve("old.csv"),
                "District ID,Last Name\r\n1,Núñez\r\n".getBytes(Charset.forName("windows-1252")));
        Reconciler.Result result = Reconciler.with(export).compare(file(student(1, e -> e.setLastName("Núñez"))));
        assertEquals(List.of(), result.details());
    }

    /** Excel saves "Unicode text" so, and a District ID that was copied from a page may have a hard blank behind it. */
    @Test
    void anExportInUtf16AndWithHardBlanksIsReadAsSuch() throws IOException {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_8)) {
            Path export = Files.write(
                    folder.resolve("unicode.csv"),
                    "\uFEFFDistrict ID,Last Name\r\n1\u00A0,\u200BNúñez\r\n".getBytes(charset));
            Reconciler.Result result = Reconciler.with(export).compare(file(student(1, e -> e.setLastName("Núñez"))));
            assertEquals(List.of(), result.details(), charset.name());
            assertTrue(String.join("\n", result.lines()).contains("       1  match by District ID"), charset.name());
        }
    }

    @Test
    void anExportWithoutIdentifiersIsRefused() {
        CommandFailedException refused =
                assertThrows(CommandFailedException.class, () -> compare("Name\nLee\n", student(1, e -> {})));
        assertTrue(refused.getMessage().contains("neither a column District ID"), refused.getMessage());
    }

    @Test
    void aMissingDistrictIdIsSaidLoudly() throws IOException {
        String all =
                String.join("\n", compare("Barcode\n1\n", student(1, e -> {})).lines());
        assertTrue(all.contains("WARNING: no patron of the export has a District ID"), all);
        String some = String.join(
                "\n",
                compare("District ID,Barcode\n1,1\n,2\n", student(1, e -> {})).lines());
        assertTrue(some.contains("       1  of Destiny's patrons have no District ID"), some);
        String none = String.join(
                "\n", compare("District ID,Barcode\n1,1\n", student(1, e -> {})).lines());
        assertFalse(none.contains("no District ID"), none);
    }

    @Test
    void aBrokenExportIsNamedByTheLineBeforeTheFault() {
        CommandFailedException refused = assertThrows(
                CommandFailedException.class,
                () -> compare("District ID,Barcode\n1,1\n2,2\n3,3,3,3\n", student(1, e -> {})));
        assertTrue(refused.getMessage().contains("after the row of line 3"), refused.getMessage());
    }
}
