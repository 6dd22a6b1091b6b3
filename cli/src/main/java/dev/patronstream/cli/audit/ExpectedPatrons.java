package dev.patronstream.cli.audit;

import dev.patronstream.connector.asof.TablesAsOf;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.table.JoinedTable;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Works out what the patron table and the feeds have to hold, from the rows of the tables and the published rules.
 *
 * <p>On purpose a second working-out of those rules, which shares no code with the topology, but the declarations of which
 * row of a joined table belongs to an enrollment and of what a feed's conditions mean: fields go from the primary row to
 * the patron by their names in the contracts, and the order of enrollments is a list of numbers. Each person is worked out
 * when asked for, so memory does not grow with the number of patrons. Immutable.
 */
final class ExpectedPatrons {

    private static final Schema PATRON = SpecificData.get().getSchema(Patron.class);
    private static final Schema AFFILIATION = SpecificData.get().getSchema(Affiliation.class);
    private static final Schema ENTRY = SpecificData.get().getSchema(FeedEntry.class);

    private static final List<PatronStatus> STATUS_RANKS =
            List.of(PatronStatus.ACTIVE, PatronStatus.PRE_ENROLLED, PatronStatus.INACTIVE);

    private final Map<String, IndexedRecord> schools;
    private final Map<JoinedTable, Map<String, IndexedRecord>> joined = new EnumMap<>(JoinedTable.class);
    private final Map<String, List<IndexedRecord>> persons = new HashMap<>();
    private final LocalDate businessDate;

    /**
     * @param tables the rows
     * @param businessDate the day by which staff have left or not
     */
    ExpectedPatrons(TablesAsOf tables, LocalDate businessDate) {
        this.businessDate = businessDate;
        this.schools = tables.rows().get(SourceTable.LOC);
        tables.rows().forEach((table, rows) -> table.joined().ifPresent(adds -> joined.put(adds, rows)));
        tables.rows().get(SourceTable.STU).values().forEach(row -> persons.computeIfAbsent(
                        Keys.person(PatronKind.STUDENT, number(row, "studentId")), key -> new ArrayList<>(2))
                .add(row));
        tables.rows()
                .get(SourceTable.STF)
                .values()
                .forEach(row -> persons.put(Keys.person(PatronKind.STAFF, number(row, "staffId")), List.of(row)));
    }

    /** Returns the keys of all who have a row. */
    Set<String> keys() {
        return persons.keySet();
    }

    /** Returns the patron of a key; nothing for somebody without a row. */
    Optional<IndexedRecord> patron(String key, PatronRules rules) {
        return patron(key, rules, Set.of(), Conditions.NONE);
    }

    /** Returns the entry of a key in a feed; nothing for somebody who does not belong there. */
    Optional<IndexedRecord> entry(String key, FeedSelection feed) {
        return patron(
                        key,
                        feed.rules(),
                        feed.primaryAmong(),
                        feed.choosesByConditions() ? feed.conditions() : Conditions.NONE)
                .filter(patron -> belongs(patron, feed))
                .map(patron -> {
                    GenericData.Record entry = new GenericData.Record(ENTRY);
                    copyByName(patron, entry);
                    entry.put("feed", feed.feed());
                    if (!feed.carried().everything()) {
                        leaveOut(entry, feed, persons.getOrDefault(key, List.of()));
                    }
                    return entry;
                });
    }

    /** Takes out what the feed does not carry; enrollments outside it leave what rules have to know of them. */
    private static void leaveOut(GenericData.Record entry, FeedSelection feed, List<IndexedRecord> rows) {
        PatronKind kind = (PatronKind) entry.get("kind");
        Map<Object, Object> extra = new HashMap<>((Map<?, ?>) entry.get("extra"));
        extra.keySet().removeIf(column -> !feed.carried().carries(kind, column.toString()));
        entry.put("extra", extra);
        GenericData.Record primary = (GenericData.Record) entry.get("primary");
        List<GenericData.Record> ties = new ArrayList<>(List.of(primary));
        for (Object each : (List<?>) entry.get("others")) {
            GenericData.Record other = (GenericData.Record) each;
            boolean qualifies = feed.schools().contains(other.get("schoolCode"))
                    && feed.statuses().contains(other.get("status"))
                    && rows.stream()
                            .anyMatch(row -> other.get("schoolCode").equals(get(row, "schoolCode"))
                                    && other.get("studentNumber").equals(get(row, "studentNumber"))
                                    && feed.conditions().against(kind, row).isEmpty());
            if (qualifies || feed.carried().enrollments()) {
                ties.add(other);
            } else {
                for (String flag : List.of("otherPerson", "otherFirstName")) {
                    primary.put(flag, (boolean) primary.get(flag) || (boolean) other.get(flag));
                }
            }
        }
        entry.put("others", List.copyOf(ties.subList(1, ties.size())));
        ties.add(entry);
        for (GenericData.Record record : ties) {
            record.getSchema().getFields().stream()
                    .filter(field -> !feed.carried().holds(field.name()))
                    .forEach(field -> record.put(field.pos(), null));
        }
    }

    private static boolean belongs(IndexedRecord patron, FeedSelection feed) {
        PatronKind kind = (PatronKind) get(patron, "kind");
        IndexedRecord primary = (IndexedRecord) get(patron, "primary");
        @Nullable Object school = get(primary, "schoolCode");
        boolean schoolFits =
                school == null ? kind == PatronKind.STAFF : feed.schools().contains(school);
        return feed.kinds().contains(kind)
                && schoolFits
                && feed.statuses().contains((PatronStatus) get(primary, "status"))
                && feed.conditions().against(kind, patron).isEmpty();
    }

    private Optional<IndexedRecord> patron(
            String key, PatronRules rules, Set<Integer> firstSchools, Conditions conditions) {
        List<IndexedRecord> rows = persons.getOrDefault(key, List.of());
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        boolean student = key.startsWith("student/");
        List<IndexedRecord> ordered = new ArrayList<>(rows);
        if (student) {
            ordered.sort((one, other) -> Arrays.compare(
                    place(one, rules, firstSchools, conditions), place(other, rules, firstSchools, conditions)));
        }
        List<IndexedRecord> ties = ordered.stream()
                .map(row -> student ? enrollment(row, ordered.get(0), rules) : employment(row))
                .toList();
        GenericData.Record patron = new GenericData.Record(PATRON);
        copyByName(ordered.get(0), patron);
        patron.put("kind", student ? PatronKind.STUDENT : PatronKind.STAFF);
        patron.put("id", number(ordered.get(0), student ? "studentId" : "staffId"));
        patron.put("primary", ties.get(0));
        patron.put("others", ties.subList(1, ties.size()));
        return Optional.of(patron);
    }

    /** The documented order of a student's enrollments as numbers, the first step first; the lowest is the primary one. */
    private static long[] place(
            IndexedRecord row, PatronRules rules, Set<Integer> firstSchools, Conditions conditions) {
        int school = number(row, "schoolCode");
        @Nullable Object program = get(row, "attendanceProgram");
        int preference = rules.schoolOrder().indexOf(school);
        @Nullable LocalDate entered = (LocalDate) get(row, "enterDate");
        return new long[] {
            firstSchools.contains(school) ? 0 : 1,
            conditions.against(PatronKind.STUDENT, row).isPresent() ? 1 : 0,
            STATUS_RANKS.indexOf(status(row, rules)),
            program != null && rules.concurrentPrograms().contains(Text.strip(program.toString())) ? 1 : 0,
            rules.neverPrimary().contains(school) ? 1 : 0,
            preference < 0 ? Integer.MAX_VALUE : preference,
            entered == null ? Long.MAX_VALUE : -entered.toEpochDay(),
            school,
            number(row, "studentNumber")
        };
    }

    private static PatronStatus status(IndexedRecord row, PatronRules rules) {
        @Nullable Object tag = get(row, "statusTag");
        return rules.statusByTag().getOrDefault(tag == null ? "" : Text.strip(tag.toString()), PatronStatus.INACTIVE);
    }

    private IndexedRecord enrollment(IndexedRecord row, IndexedRecord primary, PatronRules rules) {
        GenericData.Record tie = new GenericData.Record(AFFILIATION);
        copyByName(row, tie);
        int unlikeFirst = unlike(row, primary, "firstName");
        int unlikeNames = unlike(row, primary, "lastName") + unlikeFirst;
        @Nullable Object born = get(row, "birthDate");
        @Nullable Object primaryBorn = get(primary, "birthDate");
        boolean bornApart = born != null && primaryBorn != null && !born.equals(primaryBorn);
        tie.put("otherPerson", (born == null || primaryBorn == null) ? unlikeNames == 2 : bornApart && unlikeNames > 0);
        tie.put("otherFirstName", unlikeFirst > 0);
        tie.put("status", status(row, rules));
        int school = number(row, "schoolCode");
        tie.put("schoolName", schoolName(school));
        @Nullable Object counselor = get(row, "counselorStaffId");
        persons.getOrDefault(counselor == null ? "" : Keys.person(PatronKind.STAFF, (int) counselor), List.of())
                .forEach(member -> {
                    tie.put("counselorLastName", get(member, "lastName"));
                    tie.put("counselorFirstName", get(member, "firstName"));
                });
        joined.forEach((table, rows) -> table.keyFor(row).map(rows::get).ifPresent(found -> table.fields()
                .forEach((field, from) -> tie.put(field, get(found, from)))));
        return tie;
    }

    /** Returns 1 for two names of which neither begins like the other, by letters and digits; else 0. */
    private static int unlike(IndexedRecord row, IndexedRecord primary, String field) {
        String one = letters(get(row, field));
        String other = letters(get(primary, field));
        int length = Math.min(one.length(), other.length());
        return one.substring(0, length).equals(other.substring(0, length)) ? 0 : 1;
    }

    private static String letters(@Nullable Object name) {
        StringBuilder letters = new StringBuilder();
        Normalizer.normalize(name == null ? "" : name.toString(), Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(letters::appendCodePoint);
        return letters.toString();
    }

    private IndexedRecord employment(IndexedRecord row) {
        GenericData.Record tie = new GenericData.Record(AFFILIATION);
        tie.put("otherPerson", false);
        tie.put("otherFirstName", false);
        copyByName(row, tie);
        @Nullable Integer school = (Integer) get(row, "primarySchool");
        if (school != null && school != 0) {
            tie.put("schoolCode", school);
            tie.put("schoolName", schoolName(school));
        }
        @Nullable LocalDate left = (LocalDate) get(row, "leaveDate");
        @Nullable Object tag = get(row, "inactiveTag");
        boolean gone = (tag != null && !Text.isBlank(tag.toString())) || (left != null && left.isBefore(businessDate));
        tie.put("status", gone ? PatronStatus.INACTIVE : PatronStatus.ACTIVE);
        tie.put("statusTag", get(row, "inactiveTag"));
        tie.put("enterDate", get(row, "hireDate"));
        return tie;
    }

    private @Nullable Object schoolName(int code) {
        return name(schools.get(Keys.school(code)));
    }

    private static @Nullable Object name(@Nullable IndexedRecord named) {
        return named == null ? null : get(named, "name");
    }

    private static void copyByName(IndexedRecord from, GenericData.Record to) {
        for (Schema.Field field : to.getSchema().getFields()) {
            Schema.@Nullable Field source = from.getSchema().getField(field.name());
            if (source != null && field.order() != Schema.Field.Order.IGNORE) {
                to.put(field.pos(), from.get(source.pos()));
            }
        }
    }

    private static @Nullable Object get(IndexedRecord row, String field) {
        return row.get(row.getSchema().getField(field).pos());
    }

    private static int number(IndexedRecord row, String field) {
        return (int) row.get(row.getSchema().getField(field).pos());
    }
}
