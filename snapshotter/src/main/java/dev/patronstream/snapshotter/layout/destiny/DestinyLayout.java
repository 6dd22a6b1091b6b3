package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.layout.Column;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.Names;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.UserName;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.layout.template.GraduationYear;
import dev.patronstream.snapshotter.layout.template.PatronField;
import dev.patronstream.snapshotter.layout.template.Template;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.layout.template.TemplateException;
import dev.patronstream.snapshotter.rules.Rule;
import java.util.ArrayList;
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
        FileFormat.Headers headers = settings.header() ? FileFormat.Headers.NAMES : FileFormat.Headers.NONE;
        return Layout.ofDestiny(
                columns,
                new FileFormat(headers, settings.encoding(), FileFormat.LineEnd.CRLF, ',', FileFormat.Quotes.NEEDED),
                settings.encodingName().orElse(settings.encoding().id()),
                settings.rules());
    }

    /** The columns whose values may be missing, by header. */
    static List<String> optionalHeaders() {
        DestinyLayoutSettings any =
                DestinyLayoutSettings.builder(Map.of(), 2000).build();
        return new DestinyLayout(any)
                .columns().stream().filter(Column::omit).map(Column::header).toList();
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>(usualColumns());
        TemplateContext context = settings.templateContext();
        for (RequestedColumn requested : RequestedColumn.values()) {
            String template = settings.columns().get(requested.header());
            if (template != null) {
                try {
                    columns.add(requested.column(Template.parse(template, context)));
                } catch (TemplateException e) {
                    throw new IllegalArgumentException("columns." + requested.header() + ": " + e.getMessage(), e);
                }
            }
        }
        return columns;
    }

    private List<Column> usualColumns() {
        return List.of(
                Column.always("Site Short Name", Layout.SITE_KEY, 10, this::site)
                        .from(this::siteSource),
                Column.always("Barcode", "field_barcode", 14, byKind(id(studentBarcode), id(staffBarcode)))
                        .identifying(Rule.BARCODE_TOO_LONG, Rule.DUPLICATE_BARCODE)
                        .from(template(
                                "identifiers.barcode",
                                settings.identifiers().studentBarcode(),
                                settings.identifiers().staffBarcode())),
                Column.always("District ID", "field_districtID", 40, byKind(id(studentDistrictId), id(staffDistrictId)))
                        .identifying(Rule.DISTRICT_ID_TOO_LONG, Rule.DUPLICATE_DISTRICT_ID)
                        .from(template(
                                "identifiers.district-id",
                                settings.identifiers().studentDistrictId(),
                                settings.identifiers().staffDistrictId())),
                name("Last Name", "field_lastName", PatronField.LAST_NAME, PatronField.PREFERRED_LAST_NAME)
                        .required(Rule.MISSING_LAST_NAME),
                name("First Name", "field_firstName", PatronField.FIRST_NAME, PatronField.PREFERRED_FIRST_NAME),
                name("Middle Name", "field_middleName", PatronField.MIDDLE_NAME, PatronField.PREFERRED_MIDDLE_NAME),
                Column.text("Nickname", "field_nickname", 30, entry -> Cell.EMPTY)
                        .from(entry -> "never sent beside the names of record"),
                Column.always(
                                "Patron Type",
                                "field_patronType",
                                TYPE_LENGTH,
                                byKind(
                                        s -> Cell.of("Student"),
                                        t -> Cell.of(settings.staffPatronType()
                                                .map(map -> map.of(t))
                                                .orElse("Faculty"))))
                        .from(byKind(s -> "always this for students", t -> settings.staffPatronType()
                                .map(StaffColumnMap::source)
                                .orElse("always this for staff; staff.patron-type is not configured"))),
                Column.always("Status", Layout.STATUS_KEY, 1, Layout::status)
                        .tellingStatus(true)
                        .from(DestinyLayout::statusSource),
                Column.text("Gender", "field_gender", 1, this::gender)
                        .from(entry -> PatronField.GENDER.source(entry) + " by genders; all else is U"),
                Column.text("Homeroom", "field_homeroom", 90, byKind(this::homeroom, t -> Cell.EMPTY))
                        .from(byKind(this::homeroomSource, t -> "students only")),
                Column.text("Grade Level", "field_gradeLevel", 30, byKind(this::grade, t -> Cell.EMPTY))
                        .from(byKind(s -> "STU.GR by grades", t -> "students only")),
                Column.text(
                                "Is Teacher",
                                "field_isTeacher",
                                5,
                                byKind(
                                        s -> Cell.of("F"),
                                        t -> Cell.of(settings.staffIsTeacher().map(map -> map.of(t)))))
                        .from(byKind(s -> "always this for students", t -> settings.staffIsTeacher()
                                .map(StaffColumnMap::source)
                                .orElse("staff.is-teacher is not configured"))),
                Column.text("Graduation Year", "field_graduationYear", 4, byKind(this::graduationYear, t -> Cell.EMPTY))
                        .from(byKind(this::graduationYearSource, t -> "students only")),
                Column.text("User Name", settings.userNameKey(), 50, this::userName)
                        .identifying(Rule.USER_NAME_TOO_LONG, Rule.DUPLICATE_USER_NAME)
                        .from(entry -> settings.userName() == UserName.NID
                                ? PatronField.NETWORK_LOGIN.source(entry)
                                : "user-name is none"),
                Column.text("Email 1", "field_emailPrimary", 200, entry -> Cell.of(entry.getEmail()))
                        .ofEmail()
                        .from(PatronField.EMAIL::source));
    }

    private static <T> Function<FeedEntry, T> byKind(Function<FeedEntry, T> student, Function<FeedEntry, T> staff) {
        return entry -> isStaff(entry) ? staff.apply(entry) : student.apply(entry);
    }

    private static boolean isStaff(FeedEntry entry) {
        return entry.getKind() == PatronKind.STAFF;
    }

    private static Function<FeedEntry, Cell> id(IdTemplate template) {
        return entry -> Cell.of(template.of(entry.getId()));
    }

    private Cell site(FeedEntry entry) {
        return settings.templateContext().site(entry);
    }

    private Column name(String header, String key, PatronField ofRecord, PatronField preferred) {
        if (settings.names() == Names.RECORD) {
            return Column.text(header, key, NAME_LENGTH, entry -> Cell.of(ofRecord.text(entry)))
                    .from(ofRecord::source);
        }
        return Column.text(header, key, NAME_LENGTH, entry -> Cell.of(preferredOr(ofRecord, preferred, entry)))
                .from(entry -> preferred
                                .text(entry)
                                .filter(name -> !Text.isBlank(name))
                                .isPresent()
                        ? preferred.source(entry) + " (names: preferred)"
                        : ofRecord.source(entry) + ", since " + preferred.source(entry) + " is blank");
    }

    private static Optional<String> preferredOr(PatronField ofRecord, PatronField preferred, FeedEntry entry) {
        return preferred.text(entry).filter(name -> !Text.isBlank(name)).or(() -> ofRecord.text(entry));
    }

    private Cell gender(FeedEntry entry) {
        return Cell.of(
                entry.getGender().map(Text::strip).map(settings.genders()::get).orElse("U"));
    }

    private Cell homeroom(FeedEntry student) {
        return Cell.of(settings.homeroom().flatMap(from -> from.of(student)));
    }

    private Cell grade(FeedEntry student) {
        Optional<Integer> grade = student.getPrimary().getGrade();
        if (grade.isEmpty()) {
            return Cell.EMPTY;
        }
        return grade.map(settings.grades()::get)
                .map(Cell::of)
                .orElseGet(() -> Cell.breaking(Rule.UNKNOWN_GRADE, grade.get().toString()));
    }

    private Cell graduationYear(FeedEntry student) {
        return Cell.of(GraduationYear.of(student.getPrimary(), settings.schoolYear()));
    }

    private Cell userName(FeedEntry entry) {
        return settings.userName() == UserName.NID ? Cell.of(entry.getNetworkLogin()) : Cell.EMPTY;
    }

    private static Function<FeedEntry, String> template(String key, String student, String staff) {
        return byKind(s -> "STU.ID by " + key + ".student " + student, t -> "STF.ID by " + key + ".staff " + staff);
    }

    private String siteSource(FeedEntry entry) {
        Optional<Integer> school = entry.getPrimary().getSchoolCode().filter(code -> code != 0);
        if (school.isEmpty()) {
            return "staff.no-school, for staff without a school";
        }
        return "sites." + school.get() + ", for " + PatronField.SCHOOL_CODE.source(entry);
    }

    private static String statusSource(FeedEntry entry) {
        return isStaff(entry)
                ? "STF.TG and STF.LD as of the business date"
                : "STU.TG by statuses: " + PatronField.STATUS.text(entry).orElse("");
    }

    private String homeroomSource(FeedEntry student) {
        if (settings.homeroom().isEmpty()) {
            return "homeroom is not configured";
        }
        Homeroom from = settings.homeroom().get();
        return from.isFor(student) ? from.inWords() : "homeroom.schools does not name the school";
    }

    private String graduationYearSource(FeedEntry student) {
        return student.getPrimary().getStatus() == PatronStatus.PRE_ENROLLED
                ? "STU.NG, one school year after " + settings.schoolYear()
                : "STU.GR in the school year " + settings.schoolYear();
    }
}
