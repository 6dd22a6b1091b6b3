package dev.patronstream.streams.people;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.FeedSelection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/** Makes the entries of one feed, with what the feed carries and nothing else. Immutable and thread-safe. */
public final class FeedEntries {

    private final FeedSelection feed;
    private final List<Schema.Field> clearedOfPerson;
    private final List<Schema.Field> clearedOfTie;

    /** Makes those of a feed. */
    public FeedEntries(FeedSelection feed) {
        this.feed = feed;
        this.clearedOfPerson = cleared(FeedEntry.getClassSchema());
        this.clearedOfTie = cleared(Affiliation.getClassSchema());
    }

    private List<Schema.Field> cleared(Schema schema) {
        return schema.getFields().stream()
                .filter(field -> !feed.carried().holds(field.name()))
                .toList();
    }

    /**
     * Returns a patron's entry; empty if not in the feed.
     *
     * @param patron the patron with the primary enrollment chosen for the feed
     * @param rows the enrollments of a student
     */
    public Optional<FeedEntry> entry(Patron patron, List<Enrollment> rows) {
        if (Patrons.membership(feed, patron) != Membership.IN) {
            return Optional.empty();
        }
        FeedEntry entry = Patrons.entry(feed.feed(), patron);
        if (!feed.carried().everything()) {
            carry(entry, rows);
        }
        return Optional.of(entry);
    }

    private void carry(FeedEntry entry, List<Enrollment> rows) {
        clear(entry, clearedOfPerson);
        Map<String, String> extra = new HashMap<>(entry.getExtra());
        extra.keySet().removeIf(column -> !feed.carried().carries(entry.getKind(), column));
        put(entry, "extra", extra);
        Affiliation primary = carried(entry.getPrimary());
        List<Affiliation> others = new ArrayList<>();
        for (Affiliation other : entry.getOthers()) {
            if (feed.carried().enrollments() || qualifies(other, rows)) {
                others.add(carried(other));
            } else {
                // The rules still have to know that two people share the ID.
                put(primary, "otherPerson", primary.getOtherPerson() || other.getOtherPerson());
                put(primary, "otherFirstName", primary.getOtherFirstName() || other.getOtherFirstName());
            }
        }
        put(entry, "primary", primary);
        put(entry, "others", others);
    }

    /** Whether an enrollment would let its student into the feed. */
    private boolean qualifies(Affiliation tie, List<Enrollment> rows) {
        return tie.getSchoolCode().filter(feed.schools()::contains).isPresent()
                && feed.statuses().contains(tie.getStatus())
                && (feed.conditions().isEmpty()
                        || rows.stream()
                                .filter(row -> tie.getSchoolCode().equals(Optional.of(row.getSchoolCode()))
                                        && tie.getStudentNumber().equals(Optional.of(row.getStudentNumber())))
                                .anyMatch(row -> feed.conditions()
                                        .against(PatronKind.STUDENT, row)
                                        .isEmpty()));
    }

    /** Returns a copy: the patron table has the tie whole. */
    private Affiliation carried(Affiliation whole) {
        Affiliation tie = new Affiliation();
        SharedFields.of(Affiliation.class, Affiliation.class).copy(whole, tie);
        clear(tie, clearedOfTie);
        return tie;
    }

    private static void clear(SpecificRecordBase record, List<Schema.Field> fields) {
        fields.forEach(field -> record.put(field.pos(), null));
    }

    private static void put(SpecificRecordBase record, String field, Object value) {
        record.put(record.getSchema().getField(field).pos(), value);
    }
}
