package dev.patronstream.connector.check;

import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.TransactSql;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Text;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many students and staff the database has, by school and status tag: counts only. Deleted rows do not count.
 *
 * @param schools the schools of LOC, by code
 * @param enrollments rows of STU by school and status tag
 * @param staff rows of STF by school
 */
public record DistrictCensus(List<School> schools, List<Enrollments> enrollments, List<Staff> staff) {

    public DistrictCensus {
        schools = List.copyOf(schools);
        enrollments = List.copyOf(enrollments);
        staff = List.copyOf(staff);
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
     */
    public record Enrollments(int school, String tag, long count) {}

    /**
     * Staff of a school.
     *
     * @param school their school, 0 for none
     * @param active whether they are neither tagged as inactive nor have left
     */
    public record Staff(int school, boolean active, long count) {}

    /** Counts; the columns tell which of the names this database has. */
    static DistrictCensus of(SourceDatabase database, Map<SourceTable, List<SourceColumn>> columns)
            throws SQLException {
        String schema = database.settings().schema();
        Names stu = new Names(schema, SourceTable.STU, columns);
        Names loc = new Names(schema, SourceTable.LOC, columns);
        Names stf = new Names(schema, SourceTable.STF, columns);
        String left = stf.has("LD") ? " AND (LD IS NULL OR LD >= CAST(GETDATE() AS date))" : "";
        return new DistrictCensus(
                database.list(
                        "SELECT CD, NM, " + loc.orBlank("TG") + " FROM " + loc.alive() + " ORDER BY CD",
                        row -> new School(
                                row.getInt(1),
                                Text.strip(Optional.ofNullable(row.getString(2)).orElse("")),
                                !Text.isBlank(row.getString(3)))),
                database.list(
                        "SELECT SC, ISNULL(TG, ''), COUNT(*) FROM " + stu.alive()
                                + " GROUP BY SC, ISNULL(TG, '') ORDER BY SC",
                        row -> new Enrollments(row.getInt(1), Text.strip(row.getString(2)), row.getLong(3))),
                database.list(
                        "SELECT x.school, x.active, COUNT(*) FROM (SELECT ISNULL(" + stf.first("PSC", "SC")
                                + ", 0) AS school, CASE WHEN " + stf.orBlank("TG") + " = ''" + left
                                + " THEN 1 ELSE 0 END AS active FROM " + stf.alive()
                                + ") x GROUP BY x.school, x.active ORDER BY x.school",
                        row -> new Staff(row.getInt(1), row.getInt(2) == 1, row.getLong(3))));
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

        String alive() {
            String name = TransactSql.name(schema, table.name());
            return has(SourceTable.DELETED)
                    ? name + " WHERE (" + SourceTable.DELETED + " IS NULL OR " + SourceTable.DELETED + " = 0)"
                    : name;
        }
    }
}
