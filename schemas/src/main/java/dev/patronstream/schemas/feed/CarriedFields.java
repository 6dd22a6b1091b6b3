package dev.patronstream.schemas.feed;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the entries of a feed hold of a patron. The key, the school, the student number and the status are in every entry;
 * so are the enrollments that qualify for the feed. Immutable.
 *
 * @param names ids of {@link PatronField}, own columns like {@code STU.U5}, and {@value #ENROLLMENTS}
 * @param everything whether it is all that is captured, whatever the names
 */
public record CarriedFields(Set<String> names, boolean everything) {

    /** Names a person's enrollments that do not qualify for the feed, those at other schools among them. */
    public static final String ENROLLMENTS = "enrollments";

    /** All that is captured. */
    public static final CarriedFields EVERYTHING = new CarriedFields(Set.of(), true);

    private static final String ALL = "everything";

    /** Copies the names. */
    public CarriedFields {
        names = everything ? Set.of() : Set.copyOf(names);
    }

    /**
     * Returns the fields of a list, in which a group stands for its fields, and a column for the field that comes from it.
     *
     * @throws IllegalArgumentException if names are none; the message says which, and which there are
     */
    public static CarriedFields of(Collection<String> list) {
        Set<String> names = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        for (String name : list) {
            Optional<PatronField.Group> group = group(name);
            Optional<PatronField> field = PatronField.named(name);
            if (group.isPresent()) {
                group.get().fields().forEach(each -> names.add(each.id()));
            } else if (field.isPresent()) {
                names.add(field.get().id());
            } else if (name.equals(ENROLLMENTS)
                    || PatronField.OWN_COLUMN.matcher(name).matches()) {
                names.add(name);
            } else if (!name.equals(ALL)) {
                wrong.add("'" + name + "'");
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join(", ", wrong)
                    + (wrong.size() == 1 ? " is no field" : " are no fields") + " of a patron; there are: "
                    + Stream.of(
                                    groups(),
                                    Stream.of(ENROLLMENTS, ALL),
                                    Arrays.stream(PatronField.values()).map(PatronField::id),
                                    Stream.of("STU.COLUMN", "STF.COLUMN"))
                            .flatMap(each -> each)
                            .collect(Collectors.joining(", ")));
        }
        return list.contains(ALL) ? EVERYTHING : new CarriedFields(names, false);
    }

    private static Stream<String> groups() {
        return Arrays.stream(PatronField.Group.values()).flatMap(group -> group.id().stream());
    }

    private static Optional<PatronField.Group> group(String name) {
        return Arrays.stream(PatronField.Group.values())
                .filter(group -> group.id().equals(Optional.of(name)))
                .findFirst();
    }

    /** Returns these and others. */
    public CarriedFields and(Collection<String> more) {
        return new CarriedFields(Stream.concat(names.stream(), more.stream()).collect(Collectors.toSet()), everything);
    }

    /** Whether enrollments are carried that do not qualify for the feed. */
    public boolean enrollments() {
        return everything || names.contains(ENROLLMENTS);
    }

    public boolean carries(PatronField field) {
        return everything || field.group() == PatronField.Group.ALWAYS || names.contains(field.id());
    }

    /** Whether one of the district's own columns is carried. */
    public boolean carries(PatronKind kind, String column) {
        return everything || names.contains(PatronField.table(kind) + "." + column);
    }

    /** Whether what a field of {@link FeedEntry}, or of its enrollments, holds is carried; true of what is no value. */
    public boolean holds(String contractField) {
        List<PatronField> fields = Arrays.stream(PatronField.values())
                .filter(field -> field.contractField().equals(contractField))
                .toList();
        return fields.isEmpty() || fields.stream().anyMatch(this::carries);
    }

    /** Returns the fields, in their order. */
    public List<PatronField> fields() {
        return Arrays.stream(PatronField.values()).filter(this::carries).toList();
    }

    /** Returns the own columns, with their tables; nothing where everything is carried. */
    public List<String> columns() {
        return names.stream()
                .filter(name -> PatronField.OWN_COLUMN.matcher(name).matches())
                .sorted()
                .toList();
    }

    String canonical() {
        return "fields="
                + (everything
                        ? ALL
                        : PatronField.withoutThoseOfEveryEntry(names).stream()
                                .sorted()
                                .toList());
    }
}
