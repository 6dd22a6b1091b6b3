package dev.patronstream.snapshotter.safety.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.ledger.HeldPatrons;
import dev.patronstream.snapshotter.ledger.RowFingerprint;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The counts of a comparison against sets of people. */
class ComparisonProperties {

    private static final List<String> HEADERS = List.of("Site Short Name", "Status", "First Name");

    record Person(String site, String status, String name) {

        PatronRow row(int id) {
            return new PatronRow(PatronKind.STUDENT, id, HEADERS, List.of(site, status, name), 0, 1);
        }

        boolean isThere() {
            return status.equals("A");
        }
    }

    /** A vendor's rows; those with a name of Z left before and were left out of the last file. */
    private record Vendor(Map<Integer, Person> people) implements HeldPatrons {

        @Override
        public Optional<Held> of(long person) {
            return Optional.ofNullable(people.get((int) person)).map(held -> held((int) person, held));
        }

        @Override
        public void forEach(BiConsumer<Long, Held> use) {
            people.forEach((id, person) -> use.accept((long) id, held(id, person)));
        }

        private static Held held(int id, Person person) {
            RowFingerprint print = RowFingerprint.of(person.row(id).filled(), Optional.empty(), Set.of());
            return new Held(
                    print,
                    print,
                    person.site(),
                    person.status(),
                    person.name().equals("Z") ? Optional.of(Instant.EPOCH) : Optional.empty());
        }
    }

    @Provide
    Arbitrary<Map<Integer, Person>> people() {
        Arbitrary<Person> person = Combinators.combine(
                        Arbitraries.of("HS", "MS", "EL"), Arbitraries.of("A", "A", "I"), Arbitraries.of("X", "Y", "Z"))
                .as(Person::new);
        return Arbitraries.maps(Arbitraries.integers().between(1, 12), person);
    }

    @Property
    void countsAreThoseOfTheSetsOfPeople(
            @ForAll("people") Map<Integer, Person> before, @ForAll("people") Map<Integer, Person> after) {
        Comparison comparison = new Comparison(new Vendor(before), Optional.empty(), Set.of(), person -> false);
        new TreeMap<>(after).forEach((id, person) -> comparison.take(person.row(id)));
        comparison.end();
        DeliveryDifference difference = comparison.difference(Optional.empty());

        Map<Integer, Person> was = before.entrySet().stream()
                .filter(entry ->
                        entry.getValue().isThere() && !entry.getValue().name().equals("Z"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<Integer, Person> is = after.entrySet().stream()
                .filter(entry -> entry.getValue().isThere())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Set<Integer> stayed = new TreeSet<>(was.keySet());
        stayed.retainAll(is.keySet());
        assertEquals(was.size(), difference.getBefore());
        assertEquals(is.size(), difference.getAfter());
        assertEquals(was.size() - stayed.size(), difference.getRemoved());
        assertEquals(is.size() - stayed.size(), difference.getAdded());
        assertEquals(
                stayed.stream()
                        .filter(id -> !was.get(id).site().equals(is.get(id).site()))
                        .count(),
                difference.getTransferred());
        assertEquals(
                stayed.stream().filter(id -> !was.get(id).equals(is.get(id))).count(), difference.getChanged());

        Map<String, Long> perSite = new HashMap<>();
        was.forEach((id, person) -> {
            if (!is.containsKey(id)) {
                perSite.merge(person.site(), 1L, Long::sum);
            }
        });
        comparison.sites().forEach((site, count) -> assertEquals(perSite.getOrDefault(site, 0L), count.removed));
        difference.getGroups().forEach(group -> {
            assertEquals(group.getAfter(), group.getBefore() + group.getAdded() - group.getRemoved());
            assertEquals(
                    after.values().stream()
                            .filter(person -> person.site().equals(group.getSite())
                                    && person.status().equals(group.getStatus()))
                            .count(),
                    group.getAfter());
        });
    }
}
