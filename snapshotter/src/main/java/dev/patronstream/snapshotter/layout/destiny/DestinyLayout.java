package dev.patronstream.snapshotter.layout.destiny;

import static dev.patronstream.snapshotter.layout.Treatment.ALWAYS;
import static dev.patronstream.snapshotter.layout.Treatment.TEXT;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.layout.Column;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.Treatment;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.Names;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings.UserName;
import dev.patronstream.snapshotter.layout.template.Cell;
import dev.patronstream.snapshotter.layout.template.Template;
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

    /** By header of the columns that no template in {@code columns} gives: the setting that does. */
    static final Map<String, String> GUARDED = Map.of(
            "Site Short Name", "sites",
            "Barcode", "identifiers.barcode",
            "District ID", "identifiers.district-id",
            "Status", "statuses");

    private final DestinyLayoutSettings settings;
    private final Identifiers ids;
    private final PatronValues people;

    private DestinyLayout(DestinyLayoutSettings settings) {
        this.settings = settings;
        this.ids = settings.identifiers();
        this.people = settings.people();
    }

    static Layout of(DestinyLayoutSettings settings) {
        WrittenForm form = settings.form();
        FileFormat.Headers headers = form.header() ? FileFormat.Headers.NAMES : FileFormat.Headers.NONE;
        return Layout.ofDestiny(
                new DestinyLayout(settings)
                        .columns().stream()
                                .map(column -> settings.omit().getOrDefault(column.header(), true)
                                        ? column
                                        : column.treated(column.treatment().clearing()))
                                .toList(),
                new FileFormat(headers, form.encoding(), FileFormat.LineEnd.CRLF, ',', FileFormat.Quotes.NEEDED),
                form.encodingName().orElse(form.encoding().id()),
                settings.rules());
    }

    /** The columns whose values may be missing, by header. */
    static List<String> optionalHeaders() {
        return new DestinyLayout(DestinyLayoutSettings.usual(Map.of(), 2000))
                .columns().stream()
                        .filter(column -> column.treatment().omit())
                        .map(Column::header)
                        .toList();
    }

    /** The usual columns whose values a template of the feed can give, by header: all but those that settings guard. */
    static List<String> changeableHeaders() {
        return new DestinyLayout(DestinyLayoutSettings.usual(Map.of(), 2000))
                .usualColumns().stream()
                        .map(Column::header)
                        .filter(header -> !GUARDED.containsKey(header))
                        .toList();
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (Column usual : usualColumns()) {
            columns.add(Optional.ofNullable(settings.columns().get(usual.header()))
                    .map(text -> template("columns." + usual.header(), text))
                    .map(template -> usual.treated(usual.treatment().tellingStatus(template.tellsStatus()))
                            .valued(template::of)
                            .from(template::source))
                    .orElse(usual));
        }
        for (RequestedColumn requested : RequestedColumn.ALL) {
            Optional.ofNullable(settings.columns().get(requested.header()))
                    .map(text -> template("columns." + requested.header(), text))
                    .ifPresent(template -> columns.add(requested.column(template)));
        }
        return columns;
    }

    private Template template(String path, String text) {
        try {
            return Template.parse(text, settings.context());
        } catch (TemplateException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private List<Column> usualColumns() {
        return List.of(
                Column.of("Site Short Name", Layout.SITE_KEY, 10, this::site)
                        .treated(ALWAYS)
                        .from(this::siteSource),
                id("Barcode", "field_barcode", 14, "identifiers.barcode", ids.studentBarcode(), ids.staffBarcode())
                        .treated(ALWAYS.identifying(Rule.BARCODE_TOO_LONG, Rule.DUPLICATE_BARCODE)),
                id(
                                "District ID",
                                "field_districtID",
                                40,
                                "identifiers.district-id",
                                ids.studentDistrictId(),
                                ids.staffDistrictId())
                        .treated(ALWAYS.identifying(Rule.DISTRICT_ID_TOO_LONG, Rule.DUPLICATE_DISTRICT_ID)),
                name("Last Name", "field_lastName", PatronField.LAST_NAME, PatronField.PREFERRED_LAST_NAME)
                        .treated(TEXT.required(Rule.MISSING_LAST_NAME)),
                name("First Name", "field_firstName", PatronField.FIRST_NAME, PatronField.PREFERRED_FIRST_NAME),
                name("Middle Name", "field_middleName", PatronField.MIDDLE_NAME, PatronField.PREFERRED_MIDDLE_NAME),
                Column.of("Nickname", "field_nickname", 30, entry -> Cell.EMPTY)
                        .from(entry -> "never sent beside the names of record"),
                Column.of(
                                "Patron Type",
                                "field_patronType",
                                TYPE_LENGTH,
                                byKind(
                                        s -> Cell.of("Student"),
                                        t -> Cell.of(people.staffPatronType()
                                                .map(map -> map.of(t))
                                                .orElse("Faculty"))))
                        .treated(ALWAYS)
                        .from(byKind(s -> "always this for students", t -> people.staffPatronType()
                                .map(StaffColumnMap::source)
                                .orElse("always this for staff; staff.patron-type is not configured"))),
                Column.of("Status", Layout.STATUS_KEY, 1, Layout::status)
                        .treated(ALWAYS.tellingStatus(true))
                        .from(DestinyLayout::statusSource),
                Column.of("Gender", "field_gender", 1, this::gender)
                        .from(entry -> PatronField.GENDER.source(entry) + " by genders; all else is U"),
                Column.of("Homeroom", "field_homeroom", 90, byKind(this::homeroom, t -> Cell.EMPTY))
                        .from(byKind(this::homeroomSource, t -> "students only")),
                Column.of("Grade Level", "field_gradeLevel", 30, byKind(this::grade, t -> Cell.EMPTY))
                        .from(byKind(s -> "STU.GR by grades", t -> "students only")),
                Column.of(
                                "Is Teacher",
                                "field_isTeacher",
                                5,
                                byKind(
                                        s -> Cell.of("F"),
                                        t -> Cell.of(people.staffIsTeacher().map(map -> map.of(t)))))
                        .from(byKind(s -> "always this for students", t -> people.staffIsTeacher()
                                .map(StaffColumnMap::source)
                                .orElse("staff.is-teacher is not configured"))),
                Column.of(
                                "Graduation Year",
                                "field_graduationYear",
                                4,
                                entry -> Cell.of(settings.context().graduationYear(entry)))
                        .from(byKind(this::graduationYearSource, t -> "students only")),
                Column.of("User Name", people.userNameKey(), 50, this::userName)
                        .treated(TEXT.identifying(Rule.USER_NAME_TOO_LONG, Rule.DUPLICATE_USER_NAME))
                        .from(entry -> people.userName() == UserName.NID
                                ? PatronField.NETWORK_LOGIN.source(entry)
                                : "user-name is none"),
                Column.of("Email 1", "field_emailPrimary", 200, entry -> Cell.of(entry.getEmail()))
                        .treated(Treatment.EMAIL)
                        .from(PatronField.EMAIL::source));
    }

    private static <T> Function<FeedEntry, T> byKind(Function<FeedEntry, T> student, Function<FeedEntry, T> staff) {
        return entry -> isStaff(entry) ? staff.apply(entry) : student.apply(entry);
    }

    private static boolean isStaff(FeedEntry entry) {
        return entry.getKind() == PatronKind.STAFF;
    }

    private Column id(String header, String key, int length, String setting, String student, String staff) {
        Template ofStudents = template(setting + ".student", student);
        Template ofStaff = template(setting + ".staff", staff);
        return Column.of(header, key, length, byKind(ofStudents::of, ofStaff::of))
                .from(byKind(
                        s -> ofStudents.columns(s) + " by " + setting + ".student " + student,
                        t -> ofStaff.columns(t) + " by " + setting + ".staff " + staff));
    }

    private Cell site(FeedEntry entry) {
        return settings.context().site(entry);
    }

    private Column name(String header, String key, PatronField ofRecord, PatronField preferred) {
        if (people.names() == Names.RECORD) {
            return Column.of(header, key, NAME_LENGTH, entry -> Cell.of(ofRecord.text(entry)))
                    .from(ofRecord::source);
        }
        return Column.of(
                        header,
                        key,
                        NAME_LENGTH,
                        entry -> Cell.of(filled(preferred, entry).or(() -> ofRecord.text(entry))))
                .from(entry -> filled(preferred, entry).isPresent()
                        ? preferred.source(entry) + " (names: preferred)"
                        : ofRecord.source(entry) + ", since " + preferred.source(entry) + " is blank");
    }

    private static Optional<String> filled(PatronField field, FeedEntry entry) {
        return field.text(entry).filter(name -> !Text.isBlank(name));
    }

    private Cell gender(FeedEntry entry) {
        return Cell.of(
                entry.getGender().map(Text::strip).map(people.genders()::get).orElse("U"));
    }

    private Cell homeroom(FeedEntry student) {
        return Cell.of(people.homeroom().flatMap(from -> from.of(student)));
    }

    private Cell grade(FeedEntry student) {
        Optional<Integer> grade = student.getPrimary().getGrade();
        if (grade.isEmpty()) {
            return Cell.EMPTY;
        }
        return grade.map(people.grades()::get)
                .map(Cell::of)
                .orElseGet(() -> Cell.breaking(Rule.UNKNOWN_GRADE, grade.get().toString()));
    }

    private Cell userName(FeedEntry entry) {
        return people.userName() == UserName.NID ? Cell.of(entry.getNetworkLogin()) : Cell.EMPTY;
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
        return people.homeroom().map(from -> from.inWords(student)).orElse("homeroom is not configured");
    }

    private String graduationYearSource(FeedEntry student) {
        return student.getPrimary().getStatus() == PatronStatus.PRE_ENROLLED
                ? "STU.NG, one school year after " + settings.context().schoolYear()
                : "STU.GR in the school year " + settings.context().schoolYear();
    }
}
