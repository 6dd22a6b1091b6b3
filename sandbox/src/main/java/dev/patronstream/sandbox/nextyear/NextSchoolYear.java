package dev.patronstream.sandbox.nextyear;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.RowSink;
import java.util.Iterator;
import java.util.SplittableRandom;

/**
 * The database of the next school year, made of this year's tables as a district makes it in summer.
 *
 * <p>The same student IDs a grade higher: in their school, or in the one they go on to (the one their row names, else the
 * one that follows on theirs). Who was pre-enrolled is active where that was. Who has finished the last grade or leaves
 * has a row in the inactive school with the inactive tag and none elsewhere; rows that were inactive or deleted already
 * are left behind. As many new students come as have left, a tenth of them still pre-enrolled. Schools stay; of the staff
 * some leave, some move, some are new.
 *
 * <p>Equal tables and an equal seed give equal rows, whether this year's come from the generator or from a database. Rows
 * are made while they are read, one student at a time. Not thread-safe.
 */
public final class NextSchoolYear implements SchoolYearTables {

    private final SchoolYearTables thisYear;
    private final long seed;
    private final int schoolYear;

    /**
     * @param thisYear this year's tables; read several times over
     * @param seed where chance begins
     * @param schoolYear the year in which the <em>next</em> school year begins
     */
    public NextSchoolYear(SchoolYearTables thisYear, long seed, int schoolYear) {
        this.thisYear = thisYear;
        this.seed = seed;
        this.schoolYear = schoolYear;
    }

    /** The database's name of the year after: {@code DST27000EAGLE} for {@code DST26000EAGLE}. */
    public static String databaseAfter(String database) {
        int year = Integer.parseInt(database.substring(3, 5)) + 1;
        return database.substring(0, 3) + "%02d".formatted(year % 100) + database.substring(5);
    }

    /** Gives the rows of all tables to a sink: schools, staff, students. */
    public void load(RowSink sink) {
        for (AeriesTable table : AeriesTable.values()) {
            sink.accept(table.name(), table.columns(), rows(table));
        }
    }

    @Override
    public Iterator<Object[]> rows(AeriesTable table) {
        return switch (table) {
            case LOC -> thisYear.rows(AeriesTable.LOC);
            case STF -> new StaffAYearLater(thisYear, this::random, schoolYear);
            case STU -> new StudentsAYearLater(thisYear, this::random, schoolYear);
        };
    }

    /** Chance that depends on nothing but the person. */
    @FunctionalInterface
    interface Chance {
        SplittableRandom of(int id);
    }

    private SplittableRandom random(int id) {
        return new SplittableRandom((seed * 1_000_003 + schoolYear) * 1_000_003 + id);
    }
}
