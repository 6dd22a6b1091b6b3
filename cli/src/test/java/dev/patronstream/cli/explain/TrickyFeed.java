package dev.patronstream.cli.explain;

import dev.patronstream.cli.config.WrittenLayout;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.streams.people.Patrons;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A feed, and the people who are tricky in it, in the order of the documentation. */
final class TrickyFeed {

    static final LocalDate BUSINESS_DATE = LocalDate.of(2026, 11, 24);
    static final Map<Integer, String> SCHOOLS =
            Map.of(10, "Eagle High", 20, "Eagle Middle", 40, "Hawk Charter", 80, "Summer School", 999, "Inactive");

    private final String title;
    private final String settings;
    private final FeedSelection selection;
    private final DestinyLayoutSettings layout;
    private final Optional<FeedRules> oracleRules;
    private final List<Person> people = new ArrayList<>();
    private int nextStudent;
    private int nextStaff;
    private int nextNumber = 1;

    TrickyFeed(String title, int firstId, String settings, FeedSelection selection, Optional<FeedRules> oracleRules) {
        this.title = title;
        this.settings = settings;
        this.selection = selection;
        this.layout = WrittenLayout.of(settings);
        this.oracleRules = oracleRules;
        nextStudent = 1000 + firstId;
        nextStaff = 5000 + firstId;
    }

    /** A person, or several who are tricky together: all rows, in the order of the documentation. */
    record Person(String title, List<SourceRow> rows) {}

    String title() {
        return title;
    }

    String settings() {
        return settings;
    }

    List<Person> people() {
        return people;
    }

    Optional<FeedRules> oracleRules() {
        return oracleRules;
    }

    /** Adds one student with these rows, each given as the school and what is not usual in it. */
    @SafeVarargs
    final void student(String who, Map<String, @Nullable Object>... rows) {
        int id = nextStudent++;
        List<SourceRow> own = new ArrayList<>();
        for (Map<String, @Nullable Object> row : rows) {
            Map<String, @Nullable Object> named = new LinkedHashMap<>(row);
            int school = (Integer) Objects.requireNonNull(named.remove("SC"));
            own.add(SourceRow.student(school, nextNumber++, id, named));
        }
        people.add(new Person(who, own));
    }

    void staff(String who, Map<String, @Nullable Object> row) {
        people.add(new Person(who, List.of(SourceRow.staff(nextStaff++, row))));
    }

    void together(String who, SourceRow... rows) {
        people.add(new Person(who, List.of(rows)));
    }

    /** A row of STU: school, then column and value by turns. */
    static Map<String, @Nullable Object> at(int school, @Nullable Object... columns) {
        Map<String, @Nullable Object> row = row(columns);
        row.put("SC", school);
        return row;
    }

    static Map<String, @Nullable Object> row(@Nullable Object... columns) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            row.put((String) Objects.requireNonNull(columns[i]), columns[i + 1]);
        }
        return row;
    }

    List<SourceRow> rows() {
        return people.stream().flatMap(person -> person.rows().stream()).toList();
    }

    /** How each person stands to the feed, by key; anyone who has no live row is missing. */
    Map<String, PersonState> states() {
        Map<String, List<SourceRow>> byPerson = rows().stream()
                .collect(Collectors.groupingBy(TrickyFeed::key, LinkedHashMap::new, Collectors.toList()));
        Map<String, PersonState> states = new LinkedHashMap<>();
        byPerson.forEach((key, rows) -> state(rows).ifPresent(state -> states.put(key, state)));
        return states;
    }

    /** A person of whom nothing is tricky. */
    PersonState usual(PatronKind kind) {
        return state(List.of(
                        kind == PatronKind.STUDENT
                                ? SourceRow.student(10, 1, 1, Map.of())
                                : SourceRow.staff(1, Map.of())))
                .orElseThrow();
    }

    static String key(SourceRow row) {
        return Keys.person(row.table() == SourceTable.STU ? PatronKind.STUDENT : PatronKind.STAFF, row.id());
    }

    private Optional<PersonState> state(List<SourceRow> rows) {
        return state(rows, selection);
    }

    /** How one person with these rows stands to a feed; empty for anyone who has no live row. */
    static Optional<PersonState> state(List<SourceRow> rows, FeedSelection selection) {
        List<?> live = rows.stream().flatMap(row -> row.captured().stream()).toList();
        if (live.isEmpty()) {
            return Optional.empty();
        }
        PersonRows person = live.get(0) instanceof StaffMember staff
                ? PersonRows.staff(staff)
                : PersonRows.student(live.stream().map(Enrollment.class::cast).toList());
        return Optional.of(
                PersonState.of(person, selection, BUSINESS_DATE, code -> Optional.ofNullable(SCHOOLS.get(code))));
    }

    /** The file of all of them together. */
    PatronFile file(Map<String, PersonState> states) {
        List<FeedEntry> entries = states.values().stream()
                .filter(PersonState::isIn)
                .map(state -> Patrons.entry(state.selection().feed(), state.patron()))
                .sorted(Comparator.comparing(FeedEntry::getKind).thenComparing(FeedEntry::getId))
                .toList();
        return new PatronFile(layout.layout(), entries);
    }

    String csv(PatronFile file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PatronCsv.csv(file, List.of(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(Charset.forName(layout.form().encoding().id()));
    }

    /** The line of each person in the file. */
    Map<String, String> lines(PatronFile file) {
        List<String> keys = new ArrayList<>();
        file.forEach(row -> keys.add(Keys.person(row.kind(), row.id())));
        List<String> lines =
                csv(file).lines().skip(layout.form().header() ? 1 : 0).toList();
        Map<String, String> byKey = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            byKey.put(keys.get(i), lines.get(i));
        }
        return byKey;
    }
}
