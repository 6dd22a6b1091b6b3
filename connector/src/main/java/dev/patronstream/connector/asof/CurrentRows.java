package dev.patronstream.connector.asof;

import dev.patronstream.connector.check.SourceColumn;
import dev.patronstream.connector.check.TableCatalog;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.SourceErrors;
import dev.patronstream.connector.database.TransactSql;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rows of a database as they stand, in the columns that decide who is in a feed and nothing more: no name is read
 * unless a condition is about it.
 * Reads only, needs no change data capture, and judges values and soft deletes just as capture does. Not thread-safe.
 */
public final class CurrentRows implements AutoCloseable {

    private static final Map<SourceTable, Set<String>> FIELDS = Map.of(
            SourceTable.STU,
            Set.of("schoolCode", "studentNumber", "studentId", "grade", "statusTag", "attendanceProgram", "enterDate"),
            SourceTable.LOC,
            Set.of("code", "name", "inactiveTag"),
            SourceTable.STF,
            Set.of("staffId", "primarySchool", "inactiveTag", "leaveDate"));

    private final SourceDatabase database;
    private final Map<SourceTable, TableColumns> columns = new EnumMap<>(SourceTable.class);
    private final RowMapper mapper;
    private long unreadable;

    private CurrentRows(DatabaseSettings settings, SourceDatabase database, Set<String> judged) throws SQLException {
        this.database = database;
        List<String> problems = new ArrayList<>();
        Map<SourceTable, List<SourceColumn>> found = TableCatalog.columns(database, FIELDS.keySet());
        found.forEach((table, present) -> resolve(table, present, judged, problems));
        if (!problems.isEmpty()) {
            throw new CaptureException("Database '" + settings.database() + "' cannot be read by user '"
                    + settings.user() + "':\n  - " + String.join("\n  - ", problems)
                    + "\n  Grant what is missing with the statements of: patronstream sql --database "
                    + settings.database());
        }
        this.mapper = new RowMapper(List.copyOf(columns.values()), problem -> unreadable += problem.withheld() ? 1 : 0);
    }

    /**
     * Connects.
     *
     * @param judged what conditions judge besides, as {@link dev.patronstream.schemas.Progress} names columns
     * @throws CaptureException if the database, one of its tables or one of these columns cannot be read; the message says
     *     what to do
     */
    public static CurrentRows open(DatabaseSettings settings, Set<String> judged) {
        try {
            SourceDatabase database = SourceDatabase.connect(settings);
            try {
                return new CurrentRows(settings, database, judged);
            } catch (SQLException | RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new CaptureException(SourceErrors.said(settings, e), e);
        }
    }

    private void resolve(SourceTable table, List<SourceColumn> present, Set<String> judged, List<String> problems) {
        Map<String, String> names = present.stream()
                .collect(Collectors.toMap(column -> column.name().toUpperCase(Locale.ROOT), SourceColumn::name));
        if (names.isEmpty()) {
            problems.add("table " + table + " does not exist, or the user may not see it");
            return;
        }
        Map<ContractColumn, String> fields = new HashMap<>();
        Set<String> own = judged.stream()
                .filter(column -> column.startsWith(table + "."))
                .map(column -> column.substring(column.indexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        for (ContractColumn column : table.columns()) {
            boolean isJudged = own.remove(column.field());
            if (isJudged || FIELDS.get(table).contains(column.field())) {
                Optional<String> name = column.names().stream()
                        .filter(names::containsKey)
                        .map(names::get)
                        .findFirst();
                name.ifPresent(there -> fields.put(column, there));
                if (name.isEmpty() && (isJudged || column.isNeeded())) {
                    problems.add("column " + table + "." + String.join(" or ", column.names()) + " does not exist");
                }
            }
        }
        own.stream()
                .filter(column -> !names.containsKey(column))
                .forEach(column -> problems.add("column " + table + "." + column + " does not exist"));
        TableColumns read = new TableColumns(
                table,
                fields,
                Optional.ofNullable(names.get(SourceTable.DELETED)),
                own.stream().filter(names::containsKey).map(names::get).toList(),
                Map.of());
        columns.put(table, read);
        present.stream()
                .filter(column -> column.masked() && read.all().contains(column.name()))
                .forEach(column -> problems.add("column " + table + "." + column.name()
                        + " is masked for the user, and its values are needed: GRANT UNMASK TO "
                        + TransactSql.name(database.settings().user())));
    }

    /** Hands the rows of every student to the reader, all rows of a student at once, in the order of the IDs. */
    public void students(Consumer<List<Enrollment>> reader) {
        List<Enrollment> student = new ArrayList<>();
        read(SourceTable.STU, "studentId", Enrollment.class, row -> {
            if (!student.isEmpty() && student.get(0).getStudentId() != row.getStudentId()) {
                reader.accept(List.copyOf(student));
                student.clear();
            }
            student.add(row);
        });
        if (!student.isEmpty()) {
            reader.accept(List.copyOf(student));
        }
    }

    /** Hands every staff member to the reader. */
    public void staff(Consumer<StaffMember> reader) {
        read(SourceTable.STF, "staffId", StaffMember.class, reader);
    }

    /** Returns the schools by code. */
    public Map<Integer, School> schools() {
        List<School> schools = new ArrayList<>();
        read(SourceTable.LOC, "code", School.class, schools::add);
        return schools.stream().collect(Collectors.toMap(School::getCode, Function.identity()));
    }

    /** Returns how many of the rows read so far have a value that cannot be read, and were left out as capture would. */
    public long unreadable() {
        return unreadable;
    }

    private <T> void read(SourceTable table, String orderedBy, Class<T> type, Consumer<T> reader) {
        TableColumns read = columns.get(table);
        try {
            database.tables()
                    .rows(table, read.all(), " ORDER BY " + TransactSql.name(read.column(orderedBy)), row -> mapper.map(
                                    table, row, false)
                            .live()
                            .map(type::cast)
                            .ifPresent(reader));
        } catch (SQLException e) {
            throw new CaptureException(SourceErrors.said(database.settings(), e), e);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
