package dev.patronstream.schemas;

import java.util.Locale;

/**
 * The keys of the contract records: plain UTF-8 text, readable in any tool and independent of schema ids.
 *
 * <p>All methods are pure.
 */
public final class Keys {

    /** The only key of the progress topic. */
    public static final String PROGRESS = "progress";

    /** The only key of the topic of applied epochs. */
    public static final String EPOCH = "epoch";

    /** Key of the topic of holds: what the connector holds. */
    public static final String HELD = "held";

    /** Key of the topic of holds: what a person decided. */
    public static final String DECISION = "decision";

    private Keys() {}

    /** Key of a STU row: {@code 10/1234}. */
    public static String enrollment(int schoolCode, int studentNumber) {
        return schoolCode + "/" + studentNumber;
    }

    /** Key of a LOC row: {@code 10}. */
    public static String school(int code) {
        return Integer.toString(code);
    }

    /** Key of a STF row: {@code 1203}. */
    public static String staffMember(int staffId) {
        return Integer.toString(staffId);
    }

    /** Key of a TCH row: {@code 30/117}. */
    public static String teacher(int schoolCode, int teacherNumber) {
        return schoolCode + "/" + teacherNumber;
    }

    /** Key of a person in the patron table and in the feeds: {@code student/99400001}, {@code staff/1203}. */
    public static String person(PatronKind kind, int id) {
        return kind.name().toLowerCase(Locale.ROOT) + "/" + id;
    }

    /** Key of a stage of a process in the topic of stages: {@code connector/sis1-4711-1795821133000}. */
    public static String stage(String stage, StageInstance instance) {
        return stage + "/" + instance.getHost() + "-" + instance.getPid() + "-"
                + instance.getStartedAt().toEpochMilli();
    }

    /** Whether a key is that of a LOC or STF row. */
    public static boolean isNumber(String key) {
        try {
            return Integer.toString(Integer.parseInt(key)).equals(key);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Whether a key is that of a STU or TCH row. */
    public static boolean isNumberInSchool(String key) {
        int slash = key.indexOf('/');
        return slash >= 0 && isNumber(key.substring(0, slash)) && isNumber(key.substring(slash + 1));
    }

    /** Whether a key is that of a person. */
    public static boolean isPerson(String key) {
        int slash = key.indexOf('/');
        return slash >= 0
                && (key.startsWith("student/") || key.startsWith("staff/"))
                && isNumber(key.substring(slash + 1));
    }
}
