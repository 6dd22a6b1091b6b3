package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.sandbox.oracle.TablesAsOf;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A feed's entries written back as rows of the source tables: the oracle then says what file they would make, and that
 * has to be the file that the source itself makes.
 *
 * @param entries the feed at a moment
 */
record FeedTables(Collection<FeedEntry> entries) implements TablesAsOf {

    @Override
    public void read(String table, Consumer<Map<String, @Nullable Object>> reader) {
        for (FeedEntry entry : entries) {
            if (table.equals(entry.getKind() == PatronKind.STUDENT ? "STU" : "STF")) {
                reader.accept(
                        entry.getKind() == PatronKind.STUDENT ? student(entry, entry.getPrimary()) : staff(entry));
                if (entry.getPrimary().getOtherPerson()
                        || entry.getOthers().stream().anyMatch(Affiliation::getOtherPerson)) {
                    reader.accept(somebodyElse(entry));
                }
            }
        }
    }

    private static Map<String, @Nullable Object> student(FeedEntry entry, Affiliation tie) {
        Map<String, @Nullable Object> row = person(entry);
        row.put("SEM", entry.getEmail().orElse(null));
        row.put("SC", tie.getSchoolCode().orElseThrow());
        row.put("SN", tie.getStudentNumber().orElseThrow());
        row.put("TG", tag(tie));
        row.put("GR", tie.getGrade().orElse(null));
        row.put("NG", tie.getNextGrade().orElse(null));
        row.put("CU", tie.getCounselorNumber().orElse(null));
        return row;
    }

    /** The status by the usual map of tags, so that a status that does not go with its tag is seen. */
    private static String tag(Affiliation tie) {
        return tie.getStatus() == PatronStatus.ACTIVE ? "" : tie.getStatus() == PatronStatus.PRE_ENROLLED ? "*" : "I";
    }

    private static Map<String, @Nullable Object> staff(FeedEntry entry) {
        Affiliation tie = entry.getPrimary();
        Map<String, @Nullable Object> row = person(entry);
        row.put("EM", entry.getEmail().orElse(null));
        row.put("PSC", tie.getSchoolCode().orElse(0));
        row.put("TG", tag(tie));
        return row;
    }

    private static Map<String, @Nullable Object> person(FeedEntry entry) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("ID", entry.getId());
        row.put("LN", entry.getLastName().orElse(null));
        row.put("FN", entry.getFirstName().orElse(null));
        row.put("MN", entry.getMiddleName().orElse(null));
        row.put("GN", entry.getGender().orElse(null));
        row.put("NID", entry.getNetworkLogin().orElse(null));
        return row;
    }

    /** A row that says what the entry says of another one: that it is of somebody unlike. */
    private static Map<String, @Nullable Object> somebodyElse(FeedEntry entry) {
        Map<String, @Nullable Object> row = new HashMap<>(student(entry, entry.getPrimary()));
        row.put("SC", Integer.MIN_VALUE);
        row.put("LN", "\u4E00");
        row.put("FN", "\u4E00");
        return row;
    }
}
