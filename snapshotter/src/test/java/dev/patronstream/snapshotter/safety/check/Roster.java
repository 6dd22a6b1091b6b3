package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.ledger.HeldPatrons;
import dev.patronstream.snapshotter.ledger.RowFingerprint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a vendor holds, from lines such as {@code student/1 HS A 401 Ann}: person, site, status, barcode, name. A leading
 * {@code ?} is somebody of whom it is not known whether the vendor has them, a leading {@code -} somebody who left.
 * {@code student/1..9 HS A 4* Ann*} are nine, with their numbers in the places of the stars.
 */
record Roster(Map<Long, String> lines) implements HeldPatrons {

    private static final Pattern RANGE = Pattern.compile("(.*/)(\\d+)\\.\\.(\\d+)(.*)");
    static final List<String> HEADERS = List.of("Site", "Status", "Barcode", "Name");
    private static final Set<String> IDENTIFIERS = Set.of("Barcode");
    private static final Optional<Set<String>> COMPARED = Optional.of(Set.of("Site", "Barcode", "Name"));

    /** Returns what the lines say, which a semicolon divides. */
    static Roster of(String lines) {
        Map<Long, String> byPerson = new LinkedHashMap<>();
        rows(lines).forEach(line -> byPerson.put(person(line), line));
        return new Roster(byPerson);
    }

    /** Returns the comparison with a file; people whose name is Moved are in another feed of the system. */
    Comparison with(String file) {
        Comparison comparison = new Comparison(
                this, COMPARED, IDENTIFIERS, person -> lines.get(person).endsWith("Moved"));
        rows(file).forEach(line -> comparison.take(row(line)));
        comparison.end();
        return comparison;
    }

    static Stream<String> rows(String lines) {
        return Stream.of(lines.split(";"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .flatMap(line -> {
                    Matcher range = RANGE.matcher(line);
                    return !range.matches()
                            ? Stream.of(line)
                            : IntStream.rangeClosed(Integer.parseInt(range.group(2)), Integer.parseInt(range.group(3)))
                                    .mapToObj(id ->
                                            range.group(1) + id + range.group(4).replace("*", String.valueOf(id)));
                });
    }

    static PatronRow row(String line) {
        List<String> words = List.of(line.split(" "));
        PatronKind kind = PersonNumber.kind(person(line));
        return new PatronRow(kind, PersonNumber.id(person(line)), HEADERS, words.subList(1, words.size()), 0, 1);
    }

    private static long person(String line) {
        return PersonNumber.ofKey(line.split(" ")[0].replaceFirst("^[?-]", ""));
    }

    @Override
    public Optional<Held> of(long person) {
        return Optional.ofNullable(lines.get(person)).map(Roster::held);
    }

    @Override
    public void forEach(BiConsumer<Long, Held> use) {
        lines.forEach((person, line) -> use.accept(person, held(line)));
    }

    @Override
    public boolean isInDoubt(long person) {
        return lines.getOrDefault(person, "").startsWith("?");
    }

    private static Held held(String line) {
        PatronRow row = row(line);
        RowFingerprint print = RowFingerprint.of(row.filled(), COMPARED, IDENTIFIERS);
        Optional<Instant> leftAt = line.startsWith("-") ? Optional.of(Instant.EPOCH) : Optional.empty();
        return new Held(print, print, row.siteName(), row.statusCode(), leftAt);
    }
}
