package dev.patronstream.sandbox.district;

import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes the rows of STU one student after the other, holding no more than one student at a time.
 *
 * <p>The first students are the specimens: one per grade and one per kind of {@link Mess}. Everybody after them is drawn
 * by chance. The same settings give the same rows.
 */
final class Students implements Iterator<Object[]> {

    static final int FIRST_ID = 99_400_001;

    /** A student who is in the first high school in every district that is large enough. */
    static final int SPECIMEN_OF_NINTH_GRADE = FIRST_ID + 11;

    private static final int LOWEST_GRADE = -2;
    private static final int HIGHEST_GRADE = 18;
    private static final int GRADE_SPECIMENS = HIGHEST_GRADE - LOWEST_GRADE + 1;
    private static final int SPECIMEN_GRADE = 8;
    private static final List<Mess> KINDS = List.of(Mess.values());

    private final DistrictSettings settings;
    private final SchoolPlan plan;
    private final LocalDate yearBegin;
    private final int[] lastNumber = new int[SchoolPlan.CODES];
    private final Deque<StudentRow> pending = new ArrayDeque<>();
    private int next;

    Students(DistrictSettings settings, SchoolPlan plan) {
        this.settings = settings;
        this.plan = plan;
        this.yearBegin = LocalDate.of(settings.schoolYear(), 8, 12);
    }

    @Override
    public boolean hasNext() {
        return !pending.isEmpty() || next < settings.students();
    }

    @Override
    public Object[] next() {
        if (pending.isEmpty()) {
            if (next >= settings.students()) {
                throw new NoSuchElementException();
            }
            pending.addAll(student(next++));
        }
        return pending.removeFirst().values();
    }

    private List<StudentRow> student(int index) {
        SplittableRandom random = new SplittableRandom(settings.seed() * 1_000_003 + index);
        int specimen = index - GRADE_SPECIMENS;
        if (index < GRADE_SPECIMENS) {
            return rows(index, LOWEST_GRADE + index, Set.of(), random);
        }
        if (specimen < KINDS.size()) {
            return rows(index, SPECIMEN_GRADE, EnumSet.of(KINDS.get(specimen)), random);
        }
        return rows(index, drawGrade(random), drawMess(random), random);
    }

    private static int drawGrade(SplittableRandom random) {
        int draw = random.nextInt(1000);
        if (draw < 50) {
            return draw < 12 ? -2 : -1;
        }
        return draw < 960 ? random.nextInt(13) : 13 + random.nextInt(6);
    }

    /** Kinds of mess with their chance in thousandths; at most one that decides the enrollments, any of the others. */
    private static Set<Mess> drawMess(SplittableRandom random) {
        Set<Mess> drawn = EnumSet.noneOf(Mess.class);
        int enrollment = random.nextInt(1000);
        Mess[] kinds = {
            Mess.TRANSFERRED,
            Mess.CONCURRENT,
            Mess.LEFT_AND_REMOVED,
            Mess.LEFT_AND_SOFT_DELETED,
            Mess.NO_SHOW,
            Mess.PRE_ENROLLED_ELSEWHERE,
            Mess.PRE_ENROLLED_NEW,
            Mess.PRE_ENROLLED_WITHOUT_NEXT_GRADE,
            Mess.INACTIVE,
            Mess.OTHER_TAG,
            Mess.SOFT_DELETED,
            Mess.CAME_BACK
        };
        int[] chances = {45, 15, 15, 15, 10, 30, 20, 3, 20, 5, 8, 5};
        for (int i = 0; i < kinds.length && enrollment >= 0; i++) {
            enrollment -= chances[i];
            if (enrollment < 0) {
                drawn.add(kinds[i]);
            }
        }
        chance(drawn, Mess.DEL_NULL, 300, random);
        chance(drawn, Mess.TAG_SPACE, 200, random);
        chance(drawn, Mess.TAG_NULL, 100, random);
        chance(drawn, Mess.APOSTROPHE, 12, random);
        chance(drawn, Mess.COMMA, 4, random);
        chance(drawn, Mess.QUOTES, 4, random);
        chance(drawn, Mess.ACCENTS, 40, random);
        chance(drawn, Mess.BEYOND_WINDOWS_1252, 10, random);
        chance(drawn, Mess.LEADING_AND_TRAILING_BLANKS, 10, random);
        chance(drawn, Mess.PREFERRED_NAMES, 60, random);
        chance(drawn, Mess.NO_MIDDLE_NAME, 250, random);
        chance(drawn, Mess.NO_EMAIL, 80, random);
        chance(drawn, Mess.LINE_BREAK, 1, random);
        chance(drawn, Mess.OVERLONG_NAME, 1, random);
        chance(drawn, Mess.NO_LAST_NAME, 1, random);
        chance(drawn, Mess.GENDER_BLANK, 5, random);
        chance(drawn, Mess.GENDER_OTHER, 10, random);
        return drawn;
    }

    private static void chance(Set<Mess> drawn, Mess mess, int thousandths, SplittableRandom random) {
        if (random.nextInt(1000) < thousandths) {
            drawn.add(mess);
        }
    }

    private List<StudentRow> rows(int index, int grade, Set<Mess> mess, SplittableRandom random) {
        School school = plan.pick(grade, random);
        StudentRow main = new StudentRow(school.code(), ++lastNumber[school.code()], FIRST_ID + index);
        main.grade = grade;
        new StudentPerson(mess, random).fill(main, settings.schoolYear());
        enroll(main, school, random);
        List<StudentRow> rows = new ArrayList<>();
        rows.add(main);
        mess.forEach(kind -> apply(kind, rows, school, random));
        return rows;
    }

    private void enroll(StudentRow row, School school, SplittableRandom random) {
        row.enterDate = yearBegin.plusDays(random.nextInt(3) == 0 ? random.nextInt(60) : 0);
        row.counselor = switch (school.kind()) {
            case ELEMENTARY -> 100 + (row.grade + 2) * 10 + random.nextInt(4);
            case MIDDLE, HIGH -> 1 + random.nextInt(6);
            default -> null;
        };
    }

    private void apply(Mess kind, List<StudentRow> rows, School school, SplittableRandom random) {
        StudentRow main = rows.get(0);
        switch (kind) {
            case TRANSFERRED -> {
                StudentRow old = other(main, plan.pickOther(school, random).code());
                old.tag = "I";
                old.leaveDate = yearBegin.plusDays(30 + random.nextInt(40));
                main.enterDate = old.leaveDate.plusDays(1);
                rows.add(old);
            }
            case CONCURRENT -> {
                StudentRow second =
                        other(main, plan.pickAdvanced(school, random).code());
                second.program = "C";
                rows.add(second);
            }
            case LEFT_AND_REMOVED, LEFT_AND_SOFT_DELETED -> leave(kind, rows, random);
            case NO_SHOW -> main.tag = "N";
            case PRE_ENROLLED_ELSEWHERE -> {
                main.nextGrade = nextGrade(main.grade);
                int next = plan.pick(nextGrade(main.grade), random).code();
                main.nextSchool = next;
                if (next != school.code()) {
                    StudentRow preEnrolled = other(main, next);
                    preEnrolled.tag = "*";
                    preEnrolled.nextGrade = main.nextGrade;
                    preEnrolled.enterDate = yearBegin.plusYears(1);
                    rows.add(preEnrolled);
                }
            }
            case PRE_ENROLLED_NEW -> {
                main.tag = "*";
                main.nextSchool = main.school;
                main.nextGrade = nextGrade(main.grade);
                main.enterDate = yearBegin.plusYears(1);
            }
            case PRE_ENROLLED_WITHOUT_NEXT_GRADE -> main.tag = "*";
            case INACTIVE -> {
                main.tag = "I";
                main.leaveDate = yearBegin.plusDays(20 + random.nextInt(60));
            }
            case CAME_BACK -> {
                StudentRow before = other(main, school.code());
                before.tag = "I";
                before.leaveDate = yearBegin.plusDays(10);
                main.enterDate = yearBegin.plusDays(40);
                rows.add(before);
            }
            case OTHER_TAG -> main.tag = "R";
            case SOFT_DELETED -> main.deleted = true;
            case DEL_NULL -> main.deleted = Boolean.TRUE.equals(main.deleted) ? main.deleted : null;
            case TAG_SPACE -> main.tag = "".equals(main.tag) ? " " : main.tag;
            case TAG_NULL -> main.tag = "".equals(main.tag) ? null : main.tag;
            default -> {
                // The other kinds concern the person, not the enrollments.
            }
        }
    }

    private void leave(Mess kind, List<StudentRow> rows, SplittableRandom random) {
        StudentRow main = rows.remove(0);
        StudentRow kept = other(main, SchoolPlan.INACTIVE);
        kept.tag = "I";
        kept.leaveDate = yearBegin.plusDays(10 + random.nextInt(80));
        rows.add(kept);
        if (kind == Mess.LEFT_AND_SOFT_DELETED) {
            main.deleted = true;
            main.leaveDate = kept.leaveDate;
            rows.add(main);
        }
    }

    private StudentRow other(StudentRow main, int school) {
        StudentRow row = main.inSchool(school, ++lastNumber[school]);
        row.grade = main.grade;
        return row;
    }

    private static int nextGrade(int grade) {
        return Math.min(grade + 1, HIGHEST_GRADE);
    }
}
