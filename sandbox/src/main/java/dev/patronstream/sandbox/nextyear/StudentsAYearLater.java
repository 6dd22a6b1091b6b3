package dev.patronstream.sandbox.nextyear;

import dev.patronstream.sandbox.district.AeriesTable;
import dev.patronstream.sandbox.district.Population;
import dev.patronstream.sandbox.district.SchoolPlan;
import dev.patronstream.sandbox.district.StudentPerson;
import dev.patronstream.sandbox.district.StudentRow;
import dev.patronstream.sandbox.nextyear.NextSchoolYear.Chance;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes the next year's rows of STU, one student after the other. */
final class StudentsAYearLater implements Iterator<Object[]> {

    private static final int LAST_GRADE = 12;
    private static final String CONCURRENT = "C";
    private static final String PRE_ENROLLED = "*";
    private static final String LEFT = "I";

    private final Chance chance;
    private final int schoolYear;
    private final LocalDate firstDay;
    private final LocalDate lastDayBefore;
    private final TeachingSchools schools;
    private final int[] lastNumber = new int[SchoolPlan.CODES];
    private final Iterator<Object[]> source;
    private final Deque<TableRow> ready = new ArrayDeque<>();
    private Optional<TableRow> ahead = Optional.empty();
    private int lastId;
    private int places;

    StudentsAYearLater(SchoolYearTables thisYear, Chance chance, int schoolYear) {
        this.chance = chance;
        this.schoolYear = schoolYear;
        this.firstDay = LocalDate.of(schoolYear, 8, 11);
        this.lastDayBefore = LocalDate.of(schoolYear, 6, 10);
        this.schools = new TeachingSchools(thisYear);
        Iterator<Object[]> all = thisYear.rows(AeriesTable.STU);
        while (all.hasNext()) {
            TableRow row = new TableRow(AeriesTable.STU, all.next());
            lastNumber[row.number("SC")] = Math.max(lastNumber[row.number("SC")], row.number("SN"));
            if (row.number("ID") < Population.FIRST_NEW_STUDENT) {
                lastId = Math.max(lastId, row.number("ID"));
            }
        }
        this.source = thisYear.rows(AeriesTable.STU);
        readAhead();
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && ahead.isPresent()) {
            student(nextStudent());
        }
        if (ready.isEmpty() && places > 0) {
            places--;
            ready.add(newStudent());
        }
        return !ready.isEmpty();
    }

    @Override
    public Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.removeFirst().values();
    }

    private void readAhead() {
        ahead = source.hasNext() ? Optional.of(new TableRow(AeriesTable.STU, source.next())) : Optional.empty();
    }

    /** All rows of the student whose row is ahead, in an order that does not depend on where they come from. */
    private List<TableRow> nextStudent() {
        int id = ahead.orElseThrow().number("ID");
        List<TableRow> rows = new ArrayList<>();
        while (ahead.filter(row -> row.number("ID") == id).isPresent()) {
            rows.add(ahead.get());
            readAhead();
        }
        rows.sort(
                Comparator.comparingInt((TableRow row) -> row.number("SC")).thenComparingInt(row -> row.number("SN")));
        return rows;
    }

    private void student(List<TableRow> rows) {
        List<TableRow> live = rows.stream().filter(row -> !row.isDeleted()).toList();
        if (live.isEmpty()) {
            return;
        }
        SplittableRandom random = chance.of(live.get(0).number("ID"));
        Optional<TableRow> active = live.stream()
                .filter(row -> row.isMissing("TG") && row.number("SC") != SchoolPlan.INACTIVE)
                .min(Comparator.comparing(row -> row.text("SP").equals(CONCURRENT)));
        Optional<TableRow> preEnrolled =
                live.stream().filter(row -> row.text("TG").equals(PRE_ENROLLED)).findFirst();
        if (preEnrolled.isPresent()) {
            preEnrolled(preEnrolled.get(), active, random);
        } else if (active.isPresent()) {
            goesOn(active.get(), random);
        } else {
            inactive(live, random);
        }
    }

    private void preEnrolled(TableRow row, Optional<TableRow> active, SplittableRandom random) {
        int grade = row.isMissing("NG")
                ? active.map(now -> now.number("GR") + 1).orElse(row.number("GR"))
                : row.number("NG");
        enroll(row.copy(), row.number("SC"), grade, random);
    }

    private void goesOn(TableRow row, SplittableRandom random) {
        int grade = row.number("GR");
        int school = row.number("SC");
        int draw = random.nextInt(100);
        boolean ungraded = grade > LAST_GRADE;
        if (grade == LAST_GRADE || draw < (ungraded ? 25 : 2)) {
            places++;
            leave(row.copy());
        } else if (ungraded) {
            enroll(row.copy(), school, grade, random);
        } else if (!row.isMissing("NS")) {
            enroll(row.copy(), row.number("NS"), grade + 1, random);
        } else if (!schools.teaches(school, grade + 1)) {
            enroll(row.copy(), schools.after(school, grade + 1), grade + 1, random);
        } else {
            enroll(row.copy(), draw == 99 ? schools.other(school, grade + 1, random) : school, grade + 1, random);
        }
    }

    /** Some stay in the inactive school, or go there; of the others nothing is carried over. */
    private void inactive(List<TableRow> rows, SplittableRandom random) {
        if (random.nextInt(3) > 0) {
            TableRow row = rows.get(rows.size() - 1).copy();
            if (row.number("SC") == SchoolPlan.INACTIVE) {
                ready.add(row);
            } else {
                leave(row);
            }
        }
    }

    private void enroll(TableRow row, int school, int grade, SplittableRandom random) {
        if (school != row.number("SC")) {
            row.with("SC", school).with("SN", ++lastNumber[school]);
        }
        ready.add(row.with("GR", grade)
                .with("TG", "")
                .with("SP", "")
                .with("CU", counselor(grade, random))
                .with("NS", null)
                .with("NG", null)
                .with("NT", null)
                .on("ED", firstDay)
                .with("LD", null)
                .with("DEL", false));
    }

    private void leave(TableRow row) {
        ready.add(row.with("SC", SchoolPlan.INACTIVE)
                .with("SN", ++lastNumber[SchoolPlan.INACTIVE])
                .with("TG", LEFT)
                .with("SP", "")
                .with("NS", null)
                .with("NG", null)
                .with("NT", null)
                .on("LD", lastDayBefore)
                .with("DEL", false));
    }

    private static int counselor(int grade, SplittableRandom random) {
        return grade <= 5 ? 100 + (grade + 2) * 10 + random.nextInt(4) : 1 + random.nextInt(6);
    }

    private TableRow newStudent() {
        int id = ++lastId;
        SplittableRandom random = chance.of(id);
        int grade = random.nextInt(10) < 6 ? 0 : random.nextInt(15) - 1;
        grade = Math.min(grade, LAST_GRADE);
        int school = schools.after(random.nextInt(1000), grade);
        StudentRow row = new StudentRow(school, ++lastNumber[school], id);
        row.grade = grade;
        new StudentPerson(Set.of(), random).fill(row, schoolYear);
        row.enterDate = firstDay;
        row.counselor = counselor(grade, random);
        row.tag = random.nextInt(10) == 0 ? PRE_ENROLLED : "";
        return new TableRow(AeriesTable.STU, row.values());
    }
}
