package dev.patronstream.sandbox.district;

/** What makes a real district's tables hard to read; each kind is in every generated district of 200 students or more. */
enum Mess {
    /** The row of the old school is inactive, the one of the new school active. */
    TRANSFERRED,
    /** Active in two schools at once, the second row with an attendance program of its own. */
    CONCURRENT,
    /** Left: the row was moved to the inactive school under a new number, the old row is gone. */
    LEFT_AND_REMOVED,
    /** Left: the row was copied to the inactive school, the old row is soft-deleted. */
    LEFT_AND_SOFT_DELETED,
    NO_SHOW,
    /** Active in one school, pre-enrolled in the one of next year. */
    PRE_ENROLLED_ELSEWHERE,
    /** Known only as pre-enrolled. */
    PRE_ENROLLED_NEW,
    PRE_ENROLLED_WITHOUT_NEXT_GRADE,
    INACTIVE,
    /** A tag that only the district knows. */
    OTHER_TAG,
    SOFT_DELETED,
    DEL_NULL,
    TAG_SPACE,
    TAG_NULL,
    APOSTROPHE,
    COMMA,
    QUOTES,
    ACCENTS,
    BEYOND_WINDOWS_1252,
    LEADING_AND_TRAILING_BLANKS,
    PREFERRED_NAMES,
    NO_MIDDLE_NAME,
    NO_EMAIL,
    /** A line break or a tab in a name, pasted from elsewhere. */
    LINE_BREAK,
    OVERLONG_NAME,
    NO_LAST_NAME,
    GENDER_BLANK,
    GENDER_OTHER,
    /** Left and came back: an inactive and an active row in the same school. */
    CAME_BACK
}
