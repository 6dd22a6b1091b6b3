package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.setting.ConfigurationProblem;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.CarriedFields;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.snapshotter.destination.folder.FolderDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import dev.patronstream.snapshotter.rules.Rule;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FeedReaderTest extends WrittenConfiguration {

    @Test
    void columnsThatAFeedNeedsAreCapturedForIt() {
        Configuration configuration = read(VALID.replace(
                "    schools:", "    names: preferred\n    homeroom: {schools: [20], source: U5}\n    schools:"));

        assertEquals(
                Set.of(ColumnGroup.PREFERRED_NAMES),
                configuration.capture().columns().groups());
        assertEquals(
                Map.of(SourceTable.STU, Set.of("U5")),
                configuration.capture().columns().extra());
    }

    @Test
    void aFeedCarriesWhatItsLayoutUsesAndWhatItNamesBesides() {
        Set<String> usual = Set.of("lastName", "firstName", "middleName", "gender", "grade", "nextGrade", "email");
        assertEquals(usual, carried(VALID).names());
        Configuration more = read(
                VALID.replace("    schools:", "    layout: destiny\n    fields: [birthDate, STU.U5]\n    schools:"));
        CarriedFields fields = more.deliveries().feeds().get(0).selection().carried();
        assertEquals(CarriedFields.of(usual).and(Set.of("birthDate", "STU.U5")), fields);
        assertEquals(Set.of(ColumnGroup.BIRTH_DATE), more.capture().columns().groups());
        assertEquals(
                Map.of(SourceTable.STU, Set.of("U5")), more.capture().columns().extra());
        assertProblem(
                VALID.replace("    schools:", "    layout: destiny\n    fields: [names, grad]\n    schools:"),
                "feeds.destiny.fields",
                "'grad' is no field of a patron; there are: names, preferred-names,");
    }

    /** Without a layout the file has what the topic has. */
    @Test
    void aFeedThatNamesItsFieldsNeedsNoLayoutAndNoSites() {
        String readers = "  readers:\n    schools: [10]\n    fields: [names, grade, telephone, STU.U5]\n";
        FeedSettings feed = read(VALID + readers).deliveries().feeds().get(1);
        assertEquals(
                Set.of("lastName", "firstName", "middleName", "grade", "telephone", "STU.U5"),
                CarriedFields.of(feed.selection().carried().names()).names());
        assertEquals(
                List.of(
                        "id",
                        "kind",
                        "lastName",
                        "firstName",
                        "middleName",
                        "telephone",
                        "schoolCode",
                        "studentNumber",
                        "status",
                        "grade",
                        "STU.U5"),
                feed.layout().layout().files().get(0).titles());
        Configuration everything = read(VALID + readers.replaceAll("\\[names.*]", "[everything]"));
        assertEquals(Set.of(), everything.capture().columns().groups());
        assertEquals(
                CarriedFields.EVERYTHING,
                everything.deliveries().feeds().get(1).selection().carried());
    }

    /** It was Destiny's file before the fields were named. */
    @Test
    void fieldsWithoutALayoutBesideWhatOnlyALayoutUsesAreRefused() {
        assertProblem(
                VALID.replace("    schools:", "    fields: [names, grade]\n    names: preferred\n    schools:"),
                "feeds.destiny.fields",
                "without layout makes a file with a column for each field, which has no use for sites, names; add layout:"
                        + " destiny to keep Destiny's file, or leave them out");
        assertTrue(read(VALID + "  readers:\n    schools: [10]\n    fields: [names]\n    staff: {no-school: DO}\n"
                                + "    rules: {missing-last-name: hold-delivery}\n")
                        .deliveries()
                        .feeds()
                        .size()
                == 2);
    }

    private CarriedFields carried(String yaml) {
        return read(yaml).deliveries().feeds().get(0).selection().carried();
    }

    @Test
    void teachersAreCapturedWhereAFeedNeedsTheirNamesOrTheyAreAskedFor() {
        assertFalse(read(VALID).topics().joined().contains(JoinedTable.TCH));
        Configuration homeroom =
                read(VALID.replace("    schools:", "    homeroom: {schools: [20], source: tch.te}\n    schools:"));
        assertTrue(homeroom.topics().joined().contains(JoinedTable.TCH));
        assertEquals(Set.of(ColumnGroup.TEACHERS), homeroom.capture().columns().groups());
        assertEquals(Map.of(), homeroom.capture().columns().extra());
        assertTrue(read(READING.replace("{STU.U7}", "{counselorName}") + VALID + READING_FEED)
                .topics()
                .joined()
                .contains(JoinedTable.TCH));
        Configuration bySchool =
                read(VALID.replace("    schools:", "    homeroom: {by-school: {20: tch.te, 10: none}}\n    schools:"));
        assertTrue(bySchool.topics().joined().contains(JoinedTable.TCH));
        for (String ofStaff : List.of("source: STF", "source: cns", "by-school: {20: stf}")) {
            Configuration staff =
                    read(VALID.replace("    schools:", "    homeroom: {schools: [20], " + ofStaff + "}\n    schools:"));
            assertEquals(
                    Set.of(ColumnGroup.STAFF_COUNSELORS),
                    staff.capture().columns().groups(),
                    ofStaff);
            assertEquals(Map.of(), staff.capture().columns().extra(), ofStaff);
        }
        Configuration asked =
                read(VALID.replace("\n  user:", "\n  columns: [teachers]\n  extra-columns: {TCH: [EM]}\n  user:"));
        assertTrue(asked.topics().joined().contains(JoinedTable.TCH));
        assertEquals(
                Map.of(SourceTable.TCH, Set.of("EM")), asked.capture().columns().extra());
    }

    @Test
    void columnsOfATableThatIsNotCapturedAreRefused() {
        assertProblem(
                VALID.replace("\n  user:", "\n  extra-columns: {TCH: [EM]}\n  user:"),
                "sqlserver.extra-columns.TCH",
                "table TCH is not captured: no feed needs it; to capture it all the same, add teachers to"
                        + " sqlserver.columns");
        assertProblem(
                VALID.replace("    schools:", "    homeroom: {schools: [20], source: TCH.EM}\n    schools:"),
                "feeds.destiny.homeroom.source",
                "'TCH.EM' is neither CU (the counselor's number) nor TCH.TE");
    }

    @Test
    void blanksAroundTheKeysOfAMapDoNotCount() {
        String maps = """
                genders: {"M ": F, " X": U}
                maps: {grades: {"5 ": Five}}
                columns: {User Defined 1: "{grade|map:grades}"}
                staff: {patron-type: {column: PS, map: {"T ": Teacher}}}
            """;
        Layout layout = read(VALID + maps).deliveries().feeds().get(0).layout().layout();
        FeedEntry student = entry(PatronKind.STUDENT, e -> e.setGender("M"));
        FeedEntry teacher = entry(PatronKind.STAFF, e -> {});
        assertEquals("F", value(layout, "Gender", student));
        assertEquals("Five", value(layout, "User Defined 1", student));
        assertEquals("Teacher", value(layout, "Patron Type", teacher));
        read(VALID + "    genders: {\"X \": F, X: F}\n");
        assertProblem(
                VALID + "    genders: {\"X \": F, X: U}\n",
                "feeds.destiny.genders.X",
                "means 'X', which is given already; keep one of them");
    }

    private static FeedEntry entry(PatronKind kind, Consumer<FeedEntry.Builder> change) {
        // Avro makes contract records only once the serdes have declared them.
        new AvroSerdes(Map.of("schema.registry.url", "http://127.0.0.1:1"));
        FeedEntry.Builder entry = FeedEntry.newBuilder()
                .setFeed("destiny")
                .setKind(kind)
                .setId(1)
                .setPrimary(Affiliation.newBuilder()
                        .setStatus(PatronStatus.ACTIVE)
                        .setSchoolCode(10)
                        .setGrade(5)
                        .setPositionStatus("T")
                        .build())
                .setEpoch(1)
                .setWatermark("");
        change.accept(entry);
        return entry.build();
    }

    private static String value(Layout layout, String header, FeedEntry entry) {
        return layout.columns()
                .get(layout.headers().indexOf(header))
                .value()
                .apply(entry)
                .text();
    }

    private static final String READING = """
        layouts:
          reading:
            columns:
              ID: {template: "{id}", required: true, unique: true}
              Born: "{birthDate|date:MM/dd/yyyy}"
              Bus: "{STU.U7}"
        """;

    @Test
    void aLayoutOfSeveralFilesNamesThemAndTheDestinationMustNot() {
        String layouts = """
            layouts:
              roster:
                files:
                  students: {columns: {ID: "{id}"}}
                  schools: {rows: schools, file: sites.txt, columns: {Code: "{schoolCode}"}}
            """;
        String feed = """
              roster:
                schools: [20]
                layout: roster
                destination:
                  sftp: {host: sftp.example, user: eagle, password: "${file:destiny-password}", host-key: "SHA256:%s"%s}
            """;
        String key = "A".repeat(43);
        FeedSettings roster = read(layouts + VALID + feed.formatted(key, ""))
                .deliveries()
                .feeds()
                .get(1);
        assertEquals(List.of("students.csv", "sites.txt"), roster.fileNames());
        assertProblem(
                layouts + VALID + feed.formatted(key, ", file: roster.csv"),
                "feeds.roster.destination.sftp.file (line 30)",
                "names a file that has its name from the layout already: students.csv, sites.txt");
        assertEquals(
                List.of("patrons.zip"),
                read(layouts + "    zip: true\n" + VALID + feed.formatted(key, ""))
                        .deliveries()
                        .feeds()
                        .get(1)
                        .fileNames());
    }

    @Test
    void permissionsAreWrittenAsTheyAreListed() {
        assertEquals(
                Optional.of(PosixFilePermissions.fromString("rw-r-----")),
                read(VALID.replace("        host-key:", "        permissions: rw-r-----\n        host-key:"))
                        .deliveries()
                        .feeds()
                        .get(0)
                        .destination()
                        .orElseThrow()
                        .files()
                        .permissions());
        assertProblem(
                VALID.replace("        host-key:", "        permissions: 640\n        host-key:"),
                "feeds.destiny.destination.sftp.permissions",
                "'640' says no permissions; write them as `ls -l` shows them, like rw-r-----");
    }

    private static final String READING_FEED = """
          reading:
            schools: [20]
            layout: reading
            rules: {duplicate-value: hold-delivery}
        """;

    @Test
    void aLayoutOfItsOwnNeedsNoSitesAndCapturesWhatItsTemplatesName() {
        Configuration configuration = read(READING + VALID + READING_FEED);

        FreeLayoutSettings layout =
                (FreeLayoutSettings) configuration.deliveries().feeds().get(1).layout();
        assertEquals(3, layout.files().get(0).columns().size());
        assertTrue(layout.rules().holdsDelivery(Rule.DUPLICATE_VALUE));
        assertEquals(
                Set.of(ColumnGroup.BIRTH_DATE),
                configuration.capture().columns().groups());
        assertEquals(
                Map.of(SourceTable.STU, Set.of("U7")),
                configuration.capture().columns().extra());
    }

    @Test
    void aLayoutOfItsOwnHasNoPropertiesFileToDeliver() {
        Configuration configuration = read(READING + VALID.replace("    sites:", "    layout: reading\n    sites:"));

        assertEquals(
                "",
                configuration
                        .deliveries()
                        .feeds()
                        .get(0)
                        .destination()
                        .orElseThrow()
                        .files()
                        .propertiesFile());
    }

    @Test
    void aWrongTemplateIsNamedWithLineColumnAndPosition() {
        List<ConfigurationProblem> problems =
                problems(READING.replace("{birthDate|date", "{birthday|date") + VALID + READING_FEED);

        assertEquals(1, problems.size(), problems.toString());
        assertTrue(
                problems.get(0)
                        .toString()
                        .startsWith("layouts.reading.columns.Born (line 5): column 2, at character 2: there is no field"
                                + " 'birthday'; there are: id, kind"),
                problems.toString());
    }

    @Test
    void aLayoutThatDoesNotExistAndColumnsThatDestinyDoesNotHaveAreNamed() {
        assertProblem(
                READING + VALID.replace("    sites:", "    layout: riding\n    sites:"),
                "feeds.destiny.layout",
                "there are: destiny, reading");
        assertProblem(
                VALID.replace("    sites:", "    columns: {Shoe Size: '{id}'}\n    sites:"),
                "feeds.destiny.columns.Shoe Size",
                "User Defined 1");
    }

    @Test
    void twoFeedsThatWouldWriteOneFileAtTheVendorAreNamed() {
        String annex = VALID.substring(VALID.indexOf("  destiny:"))
                .replace("destiny:", "annex:")
                .replace("[10, 20]", "[30]")
                .replace("{10: EAGLEHS, 20: EAGLEMS}", "{30: ANNEX}");
        assertProblem(
                VALID + annex + "        properties-file: \"\"\n",
                "feeds.annex.destination.sftp",
                "'patrons.csv' would be written by feeds.destiny as well");
        assertEquals(
                2,
                read(VALID + annex + "        directory: /annex\n")
                        .deliveries()
                        .feeds()
                        .size());
    }

    @Test
    void aFolderIsADestinationAndRelativeToTheConfiguration() {
        FolderDestination there = (FolderDestination)
                read(toFolder("path: ../exports/./eagle, properties-file: none, permissions: rw-r-----"))
                        .deliveries()
                        .feeds()
                        .get(0)
                        .destination()
                        .orElseThrow();
        assertEquals(folder.resolveSibling("exports").resolve("eagle"), there.path());
        assertEquals("", there.files().propertiesFile());
        assertEquals(
                Optional.of(PosixFilePermissions.fromString("rw-r-----")),
                there.files().permissions());
    }

    @Test
    void aDestinationIsOneOfTheKinds() {
        String at = "feeds.destiny.destination (line 15)";
        assertProblem(VALID + "      folder: {path: /srv/exports}\n", at, "has both sftp and folder; keep one of them");
        String without = VALID.substring(0, VALID.indexOf("      sftp:"));
        assertProblem(without.replace("destination:", "destination: {}"), at, "names no place: sftp: {host:");
        assertProblem(toFolder(""), "feeds.destiny.destination.folder.path", "is missing; name the folder, like /srv");
        assertProblem(toFolder("path: /srv/exports, host: x"), "folder.host", "is not a key of");
        assertProblem(
                toFolder("path: /srv/exports, file: a/b.csv"), "folder.file", "'a/b.csv' is not a plain file name");
    }

    @Test
    void aFolderThatPatronstreamKeepsForItselfIsNoDestination() {
        for (String inside : List.of("./data", "./data/deliveries/destiny", "./data/../data/exports")) {
            assertProblem(
                    toFolder("path: " + inside),
                    "feeds.destiny.destination.folder.path",
                    "is within " + folder.resolve("data") + ", where patronstream keeps its own files");
        }
        assertProblem(
                toFolder("path: /var/archive/x") + "deliveries: {archive: /var/archive}\n",
                "folder.path",
                "is within /var/archive");
    }

    @Test
    void twoFeedsThatWouldWriteOneFileInAFolderAreNamed() {
        String annex = """
              annex:
                schools: [30]
                sites: {30: ANNEX}
                destination:
                  folder: {path: /srv/exports/, properties-file: none, file: %s}
            """;
        assertProblem(
                toFolder("path: /srv/exports") + annex.formatted("Patrons.csv"),
                "feeds.annex.destination.folder",
                "'Patrons.csv' would be written by feeds.destiny as well, into the same folder, /srv/exports;");
        assertEquals(
                2,
                read(toFolder("path: /srv/exports") + annex.formatted("annex.csv"))
                        .deliveries()
                        .feeds()
                        .size());
    }

    @Test
    void anActionThatARuleDoesNotOfferIsRefused() {
        assertProblem(
                VALID.replace("    sites:", "    rules: {barcode-too-long: warn}\n    sites:"),
                "feeds.destiny.rules.barcode-too-long",
                "choose one of: reject-row, hold-delivery");
        assertProblem(
                VALID.replace("    sites:", "    rules: {invalid-mail: warn}\n    sites:"),
                "feeds.destiny.rules.invalid-mail",
                "did you mean invalid-email");
    }
}
