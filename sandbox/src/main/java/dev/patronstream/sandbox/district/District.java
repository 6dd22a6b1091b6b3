package dev.patronstream.sandbox.district;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A made-up district as messy as a real one: schools of all kinds, transfers, concurrent enrollments, leavers, no-shows,
 * pre-enrolled students, soft deletes, tags and names of every sort, staff who share IDs with students.
 *
 * <p>The rows are made while they are read, so 1,000,000 students take no more memory than 200. Equal settings give equal
 * rows. Immutable.
 */
public final class District {

    /** The database's name in the sandbox: the school year 2026-27 of the district EAGLE. */
    public static final String DATABASE = "DST26000EAGLE";

    /** Where the district lies; its days begin and end by this zone. */
    public static final ZoneId TIME_ZONE = ZoneId.of("America/Los_Angeles");

    private final DistrictSettings settings;
    private final SchoolPlan plan;

    /** Plans a district; nothing is generated yet. */
    public District(DistrictSettings settings) {
        this.settings = settings;
        this.plan = SchoolPlan.forStudents(settings.students());
    }

    /** Returns what day it is in the district. */
    public static LocalDate today() {
        return LocalDate.now(TIME_ZONE);
    }

    /** Gives the rows of all tables to a sink: schools, staff, students. */
    public void load(RowSink sink) {
        for (AeriesTable table : AeriesTable.values()) {
            sink.accept(table.name(), table.columns(), rows(table));
        }
    }

    /** The rows of one table, values in the order of {@link AeriesTable#columns()}. */
    public Iterator<Object[]> rows(AeriesTable table) {
        return switch (table) {
            case LOC -> plan.schools().stream().map(District::row).iterator();
            case STF -> new StaffMembers(settings, plan);
            case STU -> new Students(settings, plan);
        };
    }

    /**
     * The middle and high schools with their sites in Destiny, by school code: what the sandbox's feed holds. An empty
     * district has the sites of the first two, for the rows somebody will write by hand.
     */
    public SortedMap<Integer, String> sites() {
        SchoolPlan schools = settings.students() == 0 ? SchoolPlan.forStudents(1) : plan;
        SortedMap<Integer, String> sites = new TreeMap<>();
        for (SchoolKind kind : List.of(SchoolKind.HIGH, SchoolKind.MIDDLE)) {
            schools.ofKind(kind).forEach(school -> sites.put(school.code(), school.site()));
        }
        return sites;
    }

    private static @Nullable Object[] row(School school) {
        boolean open = school.kind() != SchoolKind.CLOSED;
        return new @Nullable Object[] {
            school.code(),
            school.name(),
            open ? " " : "I",
            school.kind().lowGrade(),
            school.kind().highGrade(),
            school.code() + " Campus Way",
            "Eagle",
            "CA",
            "90000",
            "(555) 555-0100",
            open ? Boolean.FALSE : null
        };
    }
}
