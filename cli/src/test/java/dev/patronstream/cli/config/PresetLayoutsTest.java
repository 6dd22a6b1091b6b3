package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.snapshotter.layout.LayoutFile;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.layout.PatronFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The presets beside what the vendors publish, and what they make of a small district. */
class PresetLayoutsTest {

    static final List<String> PRESETS = PresetLayouts.NAMES;

    /** By file: the columns that the vendor takes, those that it must have with a star. */
    private static final Map<String, String> PUBLISHED = Map.of(
            // Koha's manual, "Patron import": columns of the sample file; only these are required.
            "koha",
            """
            cardnumber *surname firstname middle_name title othernames initials pronouns streetnumber streettype address
            address2 city state zipcode country email phone mobile fax emailpro phonepro dateofbirth *branchcode
            *categorycode dateenrolled dateexpiry gonenoaddress lost debarred contactname borrowernotes relationship sex
            password flags userid opacnote contactnote sort1 sort2 smsalertnumber privacy patron_attributes guarantor_id
            """,
            // Instructure's "SIS CSV Format", users.csv.
            "canvas-users",
            """
            *user_id integration_id *login_id password ssha_password authentication_provider_id first_name last_name
            full_name sortable_name short_name email pronouns declared_user_type canvas_password_notification home_account
            *status
            """,
            // The blank template of Google's Admin console, one column a line.
            "google-workspace",
            """
            *First Name [Required]
            *Last Name [Required]
            *Email Address [Required]
            *Password [Required]
            Password Hash Function [UPLOAD ONLY]
            *Org Unit Path [Required]
            New Primary Email [UPLOAD ONLY]
            Recovery Email
            Employee ID
            Employee Type
            Employee Title
            Manager Email
            Department
            Cost Center
            Building ID
            Change Password at Next Sign-In
            New Status [UPLOAD ONLY]
            """,
            // "Clever SFTP Instructions", 3.1 and 3.2.
            "clever-students: schools",
            """
            *School_id *School_name *School_number State_id Low_grade High_grade Principal Principal_email School_address
            School_city School_state School_zip School_phone
            """,
            "clever-students: students",
            """
            *School_id *Student_id Student_number State_id *Last_name Middle_name *First_name Grade Gender
            Graduation_year DOB Race Hispanic_Latino Home_language Ell_status Frl_status IEP_status Student_street
            Student_city Student_state Student_zip Student_email Username Password
            """);

    private static LayoutSettings settings(String preset) {
        return WrittenLayout.anyOf("""
                feeds:
                  vendor:
                    schools: [10, 20]
                    statuses: [active, pre-enrolled, inactive]
                    sites: {10: HIGH, 20: MIDDLE}
                    leavers: omit
                    layout: %s
                """.formatted(preset));
    }

    @ParameterizedTest
    @FieldSource("PRESETS")
    void aPresetHasColumnsThatTheVendorPublishesAndAllItMustHave(String preset) {
        for (LayoutFile file : settings(preset).layout().files()) {
            String key = PUBLISHED.containsKey(preset)
                    ? preset
                    : preset + ": " + file.name().replace(".csv", "");
            String separator = preset.equals("google-workspace") ? "\n" : "\\s+";
            Set<String> published = new TreeSet<>();
            Set<String> missing = new TreeSet<>();
            for (String column : Objects.requireNonNull(PUBLISHED.get(key), key).split(separator)) {
                published.add(column.replace("*", ""));
                if (column.startsWith("*")) {
                    missing.add(column.substring(1));
                }
            }
            assertTrue(published.containsAll(file.titles()), file.titles() + " among " + published);
            file.titles().forEach(missing::remove);
            assertEquals(Set.of(), missing);
        }
    }

    @ParameterizedTest
    @FieldSource("PRESETS")
    void aPresetMakesTheseFilesOfASmallDistrict(String preset) throws IOException {
        LayoutSettings settings = settings(preset);
        PatronFile people = new PatronFile(settings.layout(), district());
        List<ByteArrayOutputStream> outs = new ArrayList<>();
        settings.layout().files().forEach(file -> outs.add(new ByteArrayOutputStream()));
        PatronCsv.csv(people, outs);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < outs.size(); i++) {
            String name = settings.layout().files().get(i).name();
            all.append(name.isEmpty() ? "" : "== " + name + "\n")
                    .append(outs.get(i).toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
        }
        all.append("== problems\n");
        people.problems()
                .forEach(problem ->
                        all.append(problem.key() + " " + problem.rule().id() + " " + problem.field() + "\n"));
        assertEquals(golden(preset), all.toString());
    }

    @ParameterizedTest
    @FieldSource("PRESETS")
    void aPresetIsShortEnoughToCopyAndCountsAsWellInTheConfiguration(String preset) {
        String text = PresetLayouts.text(preset);
        assertTrue(text.lines().count() <= 40, preset);
        String feed = "feeds: {vendor: {schools: [10], layout: " + preset + ", leavers: omit}}\n";
        assertEquals(WrittenLayout.anyOf(feed), WrittenLayout.anyOf(text + feed));
        String own = "layouts: {" + preset + ": {columns: {ID: \"{id}\"}}}\n";
        assertEquals(Set.of(), WrittenLayout.anyOf(own + feed).fields());
    }

    @Test
    void whoNamesNoLayoutIsToldThePresetsToo() {
        String message = String.valueOf(assertThrows(InvalidConfigurationException.class, () -> settings("kohaa"))
                .getMessage());
        assertTrue(
                message.contains("'kohaa' is not a layout; there are: destiny, canvas-users, clever-students,"
                        + " google-workspace, koha"),
                message);
    }

    private static List<FeedEntry> district() {
        // Avro makes contract records only once the serdes have declared them.
        new AvroSerdes(Map.of("schema.registry.url", "http://127.0.0.1:1"));
        return List.of(
                entry(PatronKind.STUDENT, 7001, "Lee", "Ann", 10, PatronStatus.ACTIVE, 5, e -> e.setMiddleName("Q")
                        .setPreferredFirstName("Annie")
                        .setGender("F")
                        .setNetworkLogin("alee")
                        .setBirthDate(LocalDate.of(2015, 8, 3))
                        .setEmail("Ann.Lee@Eagle.example")),
                entry(
                        PatronKind.STUDENT,
                        7002,
                        "Nuñez, Jr.",
                        "José",
                        20,
                        PatronStatus.PRE_ENROLLED,
                        -1,
                        e -> e.setGender("N").setNetworkLogin("jnunez").setEmail("jnunez@eagle.example")),
                entry(PatronKind.STUDENT, 7003, "Gone", "Sam", 10, PatronStatus.INACTIVE, 12, e -> e.setGender("M")
                        .setNetworkLogin("sgone")
                        .setEmail("sgone@eagle.example")),
                entry(PatronKind.STUDENT, 7004, "Blank", "Bo", 10, PatronStatus.ACTIVE, 15, e -> {}),
                entry(PatronKind.STAFF, 7001, "Park", "Kim", 20, PatronStatus.ACTIVE, 0, e -> e.setNetworkLogin("kpark")
                        .setEmail("kpark@eagle.example")));
    }

    private static FeedEntry entry(
            PatronKind kind,
            int id,
            String last,
            String first,
            int school,
            PatronStatus status,
            int grade,
            Consumer<FeedEntry.Builder> change) {
        FeedEntry.Builder entry = FeedEntry.newBuilder()
                .setFeed("vendor")
                .setKind(kind)
                .setId(id)
                .setLastName(last)
                .setFirstName(first)
                .setPrimary(Affiliation.newBuilder()
                        .setSchoolCode(school)
                        .setSchoolName(school == 10 ? "Eagle High" : "Eagle Middle")
                        .setGrade(kind == PatronKind.STAFF ? null : grade)
                        .setNextGrade(kind == PatronKind.STAFF ? null : grade + 1)
                        .setStatus(status)
                        .build())
                .setEpoch(1)
                .setWatermark("00000027:00000758:0005");
        change.accept(entry);
        return entry.build();
    }

    private static String golden(String preset) throws IOException {
        String name = "/layouts/" + preset + ".txt";
        try (InputStream in = Objects.requireNonNull(PresetLayoutsTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
