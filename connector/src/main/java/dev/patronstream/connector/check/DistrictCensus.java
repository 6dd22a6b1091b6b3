package dev.patronstream.connector.check;

import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.TransactSql;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Text;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How many students and staff the database has, by school and status tag: counts only. Deleted rows do not count.
 *
 * @param schools the schools of LOC, by code
 * @param enrollments rows of STU by school and status tag
 * @param staff rows of STF by school
 * @param teachers rows of TCH by school; empty where TCH is not captured
 */
public record DistrictCensus(
        List<School> schools, List<Enrollments> enrollments, List<Staff> staff, Optional<Map<Integer, Long>> teachers) {

    public DistrictCensus {
        schools = List.copyOf(schools);
        enrollments = List.copyOf(enrollments);
        staff = List.copyOf(staff);
        teachers = teachers.map(Map::copyOf);
    }

    /**
     * A school.
     *
     * @param inactive whether its tag is not blank
     */
    public record School(int code, String name, boolean inactive) {}

    /**
     * Enrollments of a school with one status tag.
     *
     * @param tag the tag without blanks around it; empty for a blank one
     * @param withNumber those with a counselor's number (CU)
     * @param withStaffId those with a counselor's staff ID (CNS); none where it is not captured
     */
    public record Enrollments(int school, String tag, long count, long withNumber, long withStaffId) {}

    /**
     * Staff of a school.
     *
     * @param school their school, 0 for none
     * @param active whether they are neither tagged as inactive nor have left
     */
    public record Staff(int school, boolean active, long count) {}

    /** Counts what is captured; the columns tell which of the names this database has. */
    static DistrictCensus of(
            SourceDatabase database, Map<SourceTable, List<SourceColumn>> columns, CapturedColumns captured)
            throws SQLException {
        String schema = database.settings().schema();
        Names stu = new Names(schema, SourceTable.STU, columns);
        Names loc = new Names(schema, SourceTable.LOC, columns);
        Names stf = new Names(schema, SourceTable.STF, columns);
        String staffId = captured.groups().contains(ColumnGroup.STAFF_COUNSELORS) ? stu.filled("CNS") : "0";
        String left = stf.has("LD") ? " AND (LD IS NULL OR LD >= CAST(GETDATE() AS date))" : "";
        return new DistrictCensus(
                database.list(
                        "SELECT CD, NM, " + loc.orBlank("TG") + " FROM " + loc.alive() + " ORDER BY CD",
                        row -> new School(
                                row.getInt(1),
                                Text.strip(Optional.ofNullable(row.getString(2)).orElse("")),
                                !Text.isBlank(row.getString(3)))),
                database.list(
                        "SELECT SC, ISNULL(TG, ''), COUNT(*), SUM(" + stu.filled("CU") + "), SUM(" + staffId + ") FROM "
                                + stu.alive() + " GROUP BY SC, ISNULL(TG, '') ORDER BY SC",
                        row -> new Enrollments(
                                row.getInt(1),
                                Text.strip(row.getString(2)),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5))),
                database.list(
                        "SELECT x.school, x.active, COUNT(*) FROM (SELECT ISNULL(" + stf.first("PSC", "SC")
                                + ", 0) AS school, CASE WHEN " + stf.orBlank("TG") + " = ''" + left
                                + " THEN 1 ELSE 0 END AS active FROM " + stf.alive()
                                + ") x GROUP BY x.school, x.active ORDER BY x.school",
                        row -> new Staff(row.getInt(1), row.getInt(2) == 1, row.getLong(3))),
                captured.tables().contains(SourceTable.TCH)
                        ? Optional.of(teachers(database, new Names(schema, SourceTable.TCH, columns)))
                        : Optional.empty());
    }

    private static Map<Integer, Long> teachers(SourceDatabase database, Names tch) throws SQLException {
        return database
                .list(
                        "SELECT SC, COUNT(*) FROM " + tch.alive() + " GROUP BY SC",
                        row -> Map.entry(row.getInt(1), row.getLong(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The names that a table of this database has. */
    private record Names(String schema, SourceTable table, Map<SourceTable, List<SourceColumn>> columns) {

        boolean has(String column) {
            return columns.getOrDefault(table, List.of()).stream()
                    .anyMatch(known -> known.name().equalsIgnoreCase(column));
        }

        String first(String usual, String other) {
            return has(usual) ? usual : other;
        }

        String orBlank(String column) {
            return has(column) ? "ISNULL(" + column + ", '')" : "''";
        }

        /** 1 where a number is filled; Aeries writes 0 where none is. */
        String filled(String column) {
            return has(column) ? "CASE WHEN " + column + " <> 0 THEN 1 ELSE 0 END" : "0";
        }

        String alive() {
            String name = TransactSql.name(schema, table.name());
            return has(SourceTable.DELETED)
                    ? name + " WHERE (" + SourceTable.DELETED + " IS NULL OR " + SourceTable.DELETED + " = 0)"
                    : name;
        }
    }
}
