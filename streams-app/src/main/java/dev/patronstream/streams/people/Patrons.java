package dev.patronstream.streams.people;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.table.JoinedTable;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Makes patrons of rows, and entries of the feeds that they belong to. Pure; thread-safe as far as the names are. */
public final class Patrons {

    private final Names names;

    /** The names of the district's schools and staff, and what the joined tables add where they are captured. */
    @FunctionalInterface
    public interface Names {

        /** Returns the name of a school; empty if the school has no row, or no name. */
        Optional<String> school(int code);

        /** Returns the staff member of an ID; empty if there is no such row. */
        default Optional<StaffMember> staffMember(int id) {
            return Optional.empty();
        }

        /** Returns by field of {@link Affiliation} what the row of a key adds; nothing if there is no such row. */
        default Map<String, Object> joined(JoinedTable table, String key) {
            return Map.of();
        }
    }

    /** Makes patrons that carry these names. */
    public Patrons(Names names) {
        this.names = names;
    }

    /**
     * Returns a student.
     *
     * @param rows all rows of the student; at least one
     * @param order chooses the primary one; its rules tell what the status tags mean
     */
    public Patron student(List<Enrollment> rows, PrimaryOrder order, Stamp stamp) {
        List<Enrollment> enrollments = order.sorted(rows);
        Enrollment primary = enrollments.get(0);
        List<Affiliation> all = enrollments.stream()
                .map(row -> affiliation(row, primary, order.rules()))
                .toList();
        return patron(PatronKind.STUDENT, primary.getStudentId(), primary, all, stamp);
    }

    /** Returns a staff member, active or not as of the business date. */
    public Patron staffMember(StaffMember row, LocalDate businessDate, Stamp stamp) {
        return patron(PatronKind.STAFF, row.getStaffId(), row, List.of(affiliation(row, businessDate)), stamp);
    }

    private static Patron patron(
            PatronKind kind, int id, SpecificRecordBase row, List<Affiliation> affiliations, Stamp stamp) {
        Patron patron = like(row, new Patron());
        put(patron, "kind", kind);
        put(patron, "id", id);
        put(patron, "primary", affiliations.get(0));
        put(patron, "others", affiliations.subList(1, affiliations.size()));
        put(patron, "epoch", stamp.epoch());
        put(patron, "watermark", stamp.watermark());
        return patron;
    }

    /** Returns the school of a staff member, if there is one: in Aeries school 0 only means no school. */
    public static Optional<Integer> school(StaffMember row) {
        return row.getPrimarySchool().filter(code -> code != 0);
    }

    /** Returns the patron as the feed sees it, in it or not, with everything. */
    public static FeedEntry entry(String feed, Patron patron) {
        FeedEntry entry = like(patron, new FeedEntry());
        put(entry, "feed", feed);
        return entry;
    }

    /**
     * Returns whether a patron, with the primary enrollment chosen for the feed, is in the feed, or what keeps the patron
     * out.
     *
     * <p>A student belongs to it by the school and the status of the primary enrollment. A staff member belongs to it by
     * status and school, or without any school: then the school code stays empty, and anyone who makes a file of the feed
     * decides which site such people get. Conditions look at the primary row.
     */
    public static Membership membership(FeedSelection feed, Patron patron) {
        Affiliation primary = patron.getPrimary();
        if (!feed.kinds().contains(patron.getKind())) {
            return Membership.OTHER_KIND;
        }
        boolean schoolFits =
                primary.getSchoolCode().map(feed.schools()::contains).orElse(patron.getKind() == PatronKind.STAFF);
        if (!schoolFits) {
            return Membership.OTHER_SCHOOL;
        }
        if (!feed.statuses().contains(primary.getStatus())) {
            return Membership.OTHER_STATUS;
        }
        return feed.conditions().against(patron.getKind(), patron).isEmpty() ? Membership.IN : Membership.EXCLUDED;
    }

    private Affiliation affiliation(Enrollment row, Enrollment primary, PatronRules rules) {
        boolean isPrimary = row.equals(primary);
        Affiliation tie = like(row, new Affiliation());
        put(tie, "schoolName", orNull(names.school(row.getSchoolCode())));
        put(tie, "status", rules.status(row.getStatusTag()));
        put(tie, "otherPerson", !isPrimary && isOtherPerson(row, primary));
        put(tie, "otherFirstName", !isPrimary && areUnlike(row.getFirstName(), primary.getFirstName()));
        row.getCounselorStaffId().flatMap(names::staffMember).ifPresent(counselor -> {
            put(tie, "counselorLastName", orNull(counselor.getLastName()));
            put(tie, "counselorFirstName", orNull(counselor.getFirstName()));
        });
        for (JoinedTable table : JoinedTable.values()) {
            table.keyFor(row)
                    .ifPresent(key -> names.joined(table, key).forEach((field, value) -> put(tie, field, value)));
        }
        return tie;
    }

    /** Whether two rows of one ID are of two people: unlike in names, and in birth dates where those are captured. */
    private static boolean isOtherPerson(Enrollment row, Enrollment primary) {
        boolean lastNames = areUnlike(row.getLastName(), primary.getLastName());
        boolean firstNames = areUnlike(row.getFirstName(), primary.getFirstName());
        return (row.getBirthDate().isPresent() && primary.getBirthDate().isPresent())
                ? (lastNames || firstNames) && !row.getBirthDate().equals(primary.getBirthDate())
                : lastNames && firstNames;
    }

    /** One that is missing or begins like the other is not unlike it; nor are accents, capitals or hyphens. */
    private static boolean areUnlike(Optional<String> one, Optional<String> other) {
        String letters = one.map(Text::letters).orElse("");
        String others = other.map(Text::letters).orElse("");
        return !letters.startsWith(others) && !others.startsWith(letters);
    }

    private Affiliation affiliation(StaffMember row, LocalDate businessDate) {
        boolean tagged = row.getInactiveTag().filter(tag -> !Text.isBlank(tag)).isPresent();
        boolean left =
                row.getLeaveDate().filter(date -> date.isBefore(businessDate)).isPresent();
        Affiliation tie = like(row, new Affiliation());
        put(tie, "schoolCode", orNull(school(row)));
        put(tie, "schoolName", orNull(school(row).flatMap(names::school)));
        put(tie, "status", tagged || left ? PatronStatus.INACTIVE : PatronStatus.ACTIVE);
        put(tie, "statusTag", orNull(row.getInactiveTag()));
        put(tie, "enterDate", orNull(row.getHireDate()));
        return tie;
    }

    /** Gives a record what another one holds in fields of the same names. Values are shared: nobody changes them. */
    private static <T extends SpecificRecordBase> T like(SpecificRecordBase other, T record) {
        SharedFields.of(other.getClass(), record.getClass()).copy(other, record);
        return record;
    }

    /** Fills a field; builders would copy in depth what the record holds. */
    private static void put(SpecificRecordBase record, String field, @Nullable Object value) {
        record.put(record.getSchema().getField(field).pos(), value);
    }

    /** Null is how the generated records hold an absent value. */
    @SuppressWarnings("NullAway")
    private static <T> T orNull(Optional<T> value) {
        return value.orElse(null);
    }
}
