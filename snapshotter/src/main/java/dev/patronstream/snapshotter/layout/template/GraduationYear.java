package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.PatronStatus;
import java.util.Optional;

/** The year in which a student finishes twelfth grade. Pure. */
public final class GraduationYear {

    private static final int GRADE_OF_GRADUATION = 12;
    private static final int LOWEST_GRADE = -1;

    private GraduationYear() {}

    /** A pre-enrolled student's row describes next year: the next grade, one school year later. */
    public static Optional<String> of(Affiliation enrollment, int schoolYear) {
        boolean nextYear = enrollment.getStatus() == PatronStatus.PRE_ENROLLED;
        int endOfSchoolYear = schoolYear + (nextYear ? 2 : 1);
        return (nextYear ? enrollment.getNextGrade() : enrollment.getGrade())
                .filter(grade -> grade >= LOWEST_GRADE && grade <= GRADE_OF_GRADUATION)
                .map(grade -> Integer.toString(endOfSchoolYear + GRADE_OF_GRADUATION - grade));
    }
}
