package dev.patronstream.sandbox.district;

/** What a school of the generated district is. */
enum SchoolKind {
    /** The district itself, school 0. */
    OFFICE(0, 0, false),
    ELEMENTARY(-2, 5, true),
    MIDDLE(6, 8, true),
    HIGH(9, 12, true),
    ADULT(13, 18, true),
    /** A school that was closed; its row stays. */
    CLOSED(0, 5, false),
    /** Where the rows of those who left are kept, school 999. */
    INACTIVE(-2, 18, false);

    private final int lowGrade;
    private final int highGrade;
    private final boolean teaches;

    SchoolKind(int lowGrade, int highGrade, boolean teaches) {
        this.lowGrade = lowGrade;
        this.highGrade = highGrade;
        this.teaches = teaches;
    }

    int lowGrade() {
        return lowGrade;
    }

    int highGrade() {
        return highGrade;
    }

    static SchoolKind forGrade(int grade) {
        for (SchoolKind kind : values()) {
            if (kind.teaches && grade >= kind.lowGrade && grade <= kind.highGrade) {
                return kind;
            }
        }
        throw new IllegalArgumentException("No school teaches grade " + grade);
    }
}
