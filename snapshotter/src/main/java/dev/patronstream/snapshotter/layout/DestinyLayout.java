package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.layout.DestinyLayoutSettings.Names;
import dev.patronstream.snapshotter.layout.DestinyLayoutSettings.UserName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The default columns of Follett Destiny's patron import, in the order of the districts' templates.
 *
 * <p>Columns that a district has not switched on stay, empty, so that switching one on later moves no other. Names, keys
 * and lengths are those of Follett's help, "Available Destiny fields" ({@code r_PIC_Available_Destiny_fields}) and "CSV
 * file field definitions" ({@code r_csv_file_field_defs}).
 */
final class DestinyLayout {

    static final int TYPE_LENGTH = 30;

    private static final int NAME_LENGTH = 42;
    private static final int GRADE_OF_GRADUATION = 12;
    private static final int LOWEST_GRADE_WITH_GRADUATION_YEAR = -1;

    private final DestinyLayoutSettings settings;
    private final IdTemplate studentBarcode;
    private final IdTemplate staffBarcode;
    private final IdTemplate studentDistrictId;
    private final IdTemplate staffDistrictId;

    private DestinyLayout(DestinyLayoutSettings settings) {
        this.settings = settings;
        studentBarcode = IdTemplate.parse(settings.identifiers().studentBarcode());
        staffBarcode = IdTemplate.parse(settings.identifiers().staffBarcode());
        studentDistrictId = IdTemplate.parse(settings.identifiers().studentDistrictId());
        staffDistrictId = IdTemplate.parse(settings.identifiers().staffDistrictId());
    }

    static Layout of(DestinyLayoutSettings settings) {
        List<Column> columns = new DestinyLayout(settings)
                .columns().stream()
                        .map(column ->
                                column.omitting(column.omit() && settings.omit().getOrDefault(column.header(), true)))
                        .toList();
        return new Layout(
                columns,
                settings.header(),
                settings.encoding(),
                settings.encodingName().orElse(settings.encoding().id()));
    }

    /** The columns whose values may be missing, by header. */
    static List<String> optionalHeaders() {
        DestinyLayoutSettings any =
                DestinyLayoutSettings.builder(Map.of(), 2000).build();
        return new DestinyLayout(any)
                .columns().stream().filter(Column::omit).map(Column::header).toList();
    }

    private List<Column> columns() {
        return List.of(
                Column.always("Site Short Name", Layout.SITE_KEY, 10, this::site),
                Column.always("Barcode", "field_barcode", 14, byKind(id(studentBarcode), id(staffBarcode)))
                        .identifying(Rule.BARCODE_TOO_LONG, Rule.DUPLICATE_BARCODE),
                Column.always("District ID", "field_districtID", 40, byKind(id(studentDistrictId), id(staffDistrictId)))
                        .identifying(Rule.DISTRICT_ID_TOO_LONG, Rule.DUPLICATE_DISTRICT_ID),
                Column.text(
                                "Last Name",
                                "field_lastName",
                                NAME_LENGTH,
                                name(FeedEntry::getLastName, FeedEntry::getPreferredLastName))
                        .required(Rule.MISSING_LAST_NAME),
                Column.text(
                        "First Name",
                        "field_firstName",
                        NAME_LENGTH,
                        name(FeedEntry::getFirstName, FeedEntry::getPreferredFirstName)),
                Column.text(
                        "Middle Name",
                        "field_middleName",
                        NAME_LENGTH,
                        name(FeedEntry::getMiddleName, FeedEntry::getPreferredMiddleName)),
                Column.text("Nickname", "field_nickname", 30, entry -> Cell.EMPTY),
                Column.always(
                        "Patron Type",
                        "field_patronType",
                        TYPE_LENGTH,
                        byKind(
                                s -> Cell.of("Student"),
                                t -> Cell.of(settings.staffPatronType()
                                        .map(map -> map.of(t))
                                        .orElse("Faculty")))),
                Column.always("Status", Layout.STATUS_KEY, 1, DestinyLayout::status),
                Column.text("Gender", "field_gender", 1, this::gender),
                Column.text("Homeroom", "field_homeroom", 90, byKind(this::homeroom, t -> Cell.EMPTY)),
                Column.text("Grade Level", "field_gradeLevel", 30, byKind(this::grade, t -> Cell.EMPTY)),
                Column.text(
                        "Is Teacher",
                        "field_isTeacher",
                        5,
                        byKind(
                                s -> Cell.of("F"),
                                t -> Cell.of(settings.staffIsTeacher().map(map -> map.of(t))))),
                Column.text(
                        "Graduation Year", "field_graduationYear", 4, byKind(this::graduationYear, t -> Cell.EMPTY)),
                Column.text("User Name", settings.userNameKey(), 50, this::userName)
                        .identifying(Rule.USER_NAME_TOO_LONG, Rule.DUPLICATE_USER_NAME),
                Column.text("Email 1", "field_emailPrimary", 200, entry -> Cell.of(entry.getEmail())));
    }

    private static Function<FeedEntry, Cell> byKind(
            Function<FeedEntry, Cell> student, Function<FeedEntry, Cell> staff) {
        return entry -> isStaff(entry) ? staff.apply(entry) : student.apply(entry);
    }

    private static boolean isStaff(FeedEntry entry) {
        return entry.getKind() == PatronKind.STAFF;
    }

    private static Function<FeedEntry, Cell> id(IdTemplate template) {
        return entry -> Cell.of(template.of(entry.getId()));
    }

    private Cell site(FeedEntry entry) {
        Optional<Integer> school = entry.getPrimary().getSchoolCode();
        if (isStaff(entry) && school.filter(code -> code != 0).isEmpty()) {
            return settings.noSchoolSite().map(Cell::of).orElse(Cell.breaking(Rule.STAFF_WITHOUT_SCHOOL));
        }
        return school.map(settings.sites()::get).map(Cell::of).orElse(Cell.breaking(Rule.MISSING_SITE));
    }

    private Function<FeedEntry, Cell> name(
            Function<FeedEntry, Optional<String>> ofRecord, Function<FeedEntry, Optional<String>> preferred) {
        if (settings.names() == Names.RECORD) {
            return entry -> Cell.of(ofRecord.apply(entry));
        }
        return entry ->
                Cell.of(preferred.apply(entry).filter(name -> !name.isBlank()).or(() -> ofRecord.apply(entry)));
    }

    private static Cell status(FeedEntry entry) {
        return Cell.of(entry.getPrimary().getStatus() == PatronStatus.INACTIVE ? "I" : "A");
    }

    private Cell gender(FeedEntry entry) {
        return Cell.of(entry.getGender()
                .map(String::strip)
                .map(settings.genders()::get)
                .orElse("U"));
    }

    private Cell homeroom(FeedEntry student) {
        return Cell.of(settings.homeroom().flatMap(from -> from.of(student)));
    }

    private Cell grade(FeedEntry student) {
        Optional<Integer> grade = student.getPrimary().getGrade();
        if (grade.isEmpty()) {
            return Cell.EMPTY;
        }
        return grade.map(settings.grades()::get).map(Cell::of).orElse(Cell.breaking(Rule.UNKNOWN_GRADE));
    }

    /** A pre-enrolled student's row describes next year: the next grade, one school year later. */
    private Cell graduationYear(FeedEntry student) {
        Affiliation enrolment = student.getPrimary();
        boolean nextYear = enrolment.getStatus() == PatronStatus.PRE_ENROLLED;
        int endOfSchoolYear = settings.schoolYear() + (nextYear ? 2 : 1);
        return Cell.of((nextYear ? enrolment.getNextGrade() : enrolment.getGrade())
                .filter(grade -> grade >= LOWEST_GRADE_WITH_GRADUATION_YEAR && grade <= GRADE_OF_GRADUATION)
                .map(grade -> Integer.toString(endOfSchoolYear + GRADE_OF_GRADUATION - grade)));
    }

    private Cell userName(FeedEntry entry) {
        return settings.userName() == UserName.NID ? Cell.of(entry.getNetworkLogin()) : Cell.EMPTY;
    }
}
