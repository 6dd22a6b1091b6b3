package dev.patronstream.streams.people;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrolment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronRules;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Text;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Makes patrons of rows, and feed entries of patrons. Pure; thread-safe as far as the names of schools and teachers are. */
public final class Patrons {

    private final SchoolNames schools;
    private final TeacherNames teachers;

    /** Makes patrons that carry these names of schools and teachers. */
    public Patrons(SchoolNames schools, TeacherNames teachers) {
        this.schools = schools;
        this.teachers = teachers;
    }

    /**
     * Returns a student.
     *
     * @param enrolments all rows of the student, the primary one first; at least one
     * @param rules what the status tags mean
     */
    public Patron student(List<Enrolment> enrolments, PatronRules rules, Stamp stamp) {
        Enrolment primary = enrolments.get(0);
        return Patron.newBuilder()
                .setKind(PatronKind.STUDENT)
                .setId(primary.getStudentId())
                .setLastName(orNull(primary.getLastName()))
                .setFirstName(orNull(primary.getFirstName()))
                .setMiddleName(orNull(primary.getMiddleName()))
                .setPreferredLastName(orNull(primary.getPreferredLastName()))
                .setPreferredFirstName(orNull(primary.getPreferredFirstName()))
                .setPreferredMiddleName(orNull(primary.getPreferredMiddleName()))
                .setGender(orNull(primary.getGender()))
                .setEmail(orNull(primary.getEmail()))
                .setNetworkLogin(orNull(primary.getNetworkLogin()))
                .setBirthDate(orNull(primary.getBirthDate()))
                .setAddress(orNull(primary.getAddress()))
                .setCity(orNull(primary.getCity()))
                .setState(orNull(primary.getState()))
                .setZipCode(orNull(primary.getZipCode()))
                .setTelephone(orNull(primary.getTelephone()))
                .setExtra(primary.getExtra())
                .setPrimary(affiliation(primary, primary, rules))
                .setOthers(enrolments.stream()
                        .skip(1)
                        .map(row -> affiliation(row, primary, rules))
                        .toList())
                .setEpoch(stamp.epoch())
                .setWatermark(stamp.watermark())
                .build();
    }

    /** Returns a staff member, active or not as of the business date. */
    public Patron staffMember(StaffMember row, LocalDate businessDate, Stamp stamp) {
        return Patron.newBuilder()
                .setKind(PatronKind.STAFF)
                .setId(row.getStaffId())
                .setLastName(orNull(row.getLastName()))
                .setFirstName(orNull(row.getFirstName()))
                .setMiddleName(orNull(row.getMiddleName()))
                .setPreferredLastName(orNull(row.getPreferredLastName()))
                .setPreferredFirstName(orNull(row.getPreferredFirstName()))
                .setPreferredMiddleName(orNull(row.getPreferredMiddleName()))
                .setGender(orNull(row.getGender()))
                .setEmail(orNull(row.getEmail()))
                .setNetworkLogin(orNull(row.getNetworkLogin()))
                .setBirthDate(orNull(row.getBirthDate()))
                .setExtra(row.getExtra())
                .setPrimary(affiliation(row, businessDate))
                .setOthers(List.of())
                .setEpoch(stamp.epoch())
                .setWatermark(stamp.watermark())
                .build();
    }

    /** Returns the school of a staff member, if there is one: in Aeries school 0 only means no school. */
    public static Optional<Integer> school(StaffMember row) {
        return row.getPrimarySchool().filter(code -> code != 0);
    }

    /** Returns a feed's entry: the patron as the feed sees it, with the primary enrolment that the feed chose. */
    public static FeedEntry entry(String feed, Patron patron) {
        return FeedEntry.newBuilder()
                .setFeed(feed)
                .setKind(patron.getKind())
                .setId(patron.getId())
                .setLastName(orNull(patron.getLastName()))
                .setFirstName(orNull(patron.getFirstName()))
                .setMiddleName(orNull(patron.getMiddleName()))
                .setPreferredLastName(orNull(patron.getPreferredLastName()))
                .setPreferredFirstName(orNull(patron.getPreferredFirstName()))
                .setPreferredMiddleName(orNull(patron.getPreferredMiddleName()))
                .setGender(orNull(patron.getGender()))
                .setEmail(orNull(patron.getEmail()))
                .setNetworkLogin(orNull(patron.getNetworkLogin()))
                .setBirthDate(orNull(patron.getBirthDate()))
                .setAddress(orNull(patron.getAddress()))
                .setCity(orNull(patron.getCity()))
                .setState(orNull(patron.getState()))
                .setZipCode(orNull(patron.getZipCode()))
                .setTelephone(orNull(patron.getTelephone()))
                .setExtra(patron.getExtra())
                .setPrimary(patron.getPrimary())
                .setOthers(patron.getOthers())
                .setEpoch(patron.getEpoch())
                .setWatermark(patron.getWatermark())
                .build();
    }

    private Affiliation affiliation(Enrolment row, Enrolment primary, PatronRules rules) {
        return Affiliation.newBuilder()
                .setSchoolCode(row.getSchoolCode())
                .setSchoolName(orNull(schools.name(row.getSchoolCode())))
                .setStudentNumber(row.getStudentNumber())
                .setStatus(rules.status(row.getStatusTag()))
                .setStatusTag(orNull(row.getStatusTag()))
                .setGrade(orNull(row.getGrade()))
                .setNextGrade(orNull(row.getNextGrade()))
                .setNextSchool(orNull(row.getNextSchool()))
                .setAttendanceProgram(orNull(row.getAttendanceProgram()))
                .setCounsellorNumber(orNull(row.getCounsellorNumber()))
                .setCounsellorName(
                        orNull(row.getCounsellorNumber().flatMap(number -> teachers.name(row.getSchoolCode(), number))))
                .setNextTeacher(orNull(row.getNextTeacher()))
                .setTrack(orNull(row.getTrack()))
                .setEnterDate(orNull(row.getEnterDate()))
                .setLeaveDate(orNull(row.getLeaveDate()))
                .setOtherPerson(isOtherPerson(row, primary))
                .build();
    }

    /** Whether two rows of one ID are of two people: unlike in names, and in birth dates where those are captured. */
    private static boolean isOtherPerson(Enrolment row, Enrolment primary) {
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
        return Affiliation.newBuilder()
                .setSchoolCode(orNull(school(row)))
                .setSchoolName(orNull(school(row).flatMap(schools::name)))
                .setStatus(tagged || left ? PatronStatus.INACTIVE : PatronStatus.ACTIVE)
                .setStatusTag(orNull(row.getInactiveTag()))
                .setPositionStatus(orNull(row.getPositionStatus()))
                .setEnterDate(orNull(row.getHireDate()))
                .setLeaveDate(orNull(row.getLeaveDate()))
                .build();
    }

    /** The builders of the generated records take null for an absent value. */
    @SuppressWarnings("NullAway")
    private static <T> T orNull(Optional<T> value) {
        return value.orElse(null);
    }
}
