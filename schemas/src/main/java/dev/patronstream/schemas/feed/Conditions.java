package dev.patronstream.schemas.feed;

import dev.patronstream.schemas.PatronKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;

/**
 * Who may be in a feed, by what stands in the rows: all of {@code only} must hold, and none of {@code except}. Immutable.
 */
public record Conditions(List<Condition> only, List<Condition> except) {

    /** Everybody. */
    public static final Conditions NONE = new Conditions(List.of(), List.of());

    /** Copies the lists. */
    public Conditions {
        only = List.copyOf(only);
        except = List.copyOf(except);
    }

    /** A condition that keeps a row out, as one of {@code only} or of {@code except}. */
    public record Objection(Condition condition, boolean ofOnly) {

        /** Returns it as it is configured: {@code only: grade 9-12}. */
        public String words() {
            return (ofOnly ? "only: " : "except: ") + condition.words();
        }
    }

    public boolean isEmpty() {
        return only.isEmpty() && except.isEmpty();
    }

    /** Returns all conditions. */
    public List<Condition> all() {
        return Stream.concat(only.stream(), except.stream()).toList();
    }

    /** Returns the first condition that keeps a row out, or the patron whose primary row it is; empty if none does. */
    public Optional<Objection> against(PatronKind kind, IndexedRecord row) {
        for (Condition condition : only) {
            if (condition.concerns(kind) && !condition.holds(kind, row)) {
                return Optional.of(new Objection(condition, true));
            }
        }
        for (Condition condition : except) {
            if (condition.concerns(kind) && condition.holds(kind, row)) {
                return Optional.of(new Objection(condition, false));
            }
        }
        return Optional.empty();
    }

    String canonical() {
        return "only=" + only.stream().map(Condition::canonical).sorted().toList() + "\nexcept="
                + except.stream().map(Condition::canonical).sorted().toList();
    }
}
