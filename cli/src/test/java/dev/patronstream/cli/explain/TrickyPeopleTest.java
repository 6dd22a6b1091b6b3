package dev.patronstream.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.layout.RowExplanation;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.streams.people.Patrons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TrickyPeopleTest {

    private static final Path PAGE = Path.of("..", "docs", "people.md");
    private static final String WRITE = "patronstream.people.write";

    /** Run with -Dpatronstream.people.write=true to write the page, and read the difference. */
    @Test
    void eachOfThemBecomesWhatThePageSays() throws IOException {
        String page = page();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page, "docs/people.md; -D" + WRITE + "=true writes it");
    }

    @Test
    void thereAreMoreThanSixtyOfThemAndTheyBreakEveryRuleOfTheDestinyLayout() {
        List<TrickyFeed> feeds = TrickyPeople.feeds();
        long people = feeds.stream().mapToLong(feed -> feed.people().size()).sum();
        assertTrue(people >= 60, "people: " + people);
        Set<Rule> broken = EnumSet.noneOf(Rule.class);
        for (TrickyFeed feed : feeds) {
            feed.file(feed.states()).problems().forEach(problem -> broken.add(problem.rule()));
        }
        Set<Rule> unbroken = EnumSet.complementOf(EnumSet.copyOf(broken));
        assertEquals(UNBROKEN, unbroken);
    }

    /** Cannot be broken by data alone: the start refuses such settings, or they are of other layouts. */
    private static final Set<Rule> UNBROKEN = EnumSet.of(
            Rule.MISSING_SITE,
            Rule.MISSING_VALUE,
            Rule.DISTRICT_ID_TOO_LONG,
            Rule.DUPLICATE_BARCODE,
            Rule.DUPLICATE_VALUE,
            Rule.IDENTIFIER_TOO_LONG,
            Rule.NOT_IN_MAP);

    @Test
    void theOracleSaysTheSameOfAllWhoseSettingsItKnows() {
        int compared = 0;
        for (TrickyFeed feed : TrickyPeople.feeds()) {
            if (feed.oracleRules().isEmpty()) {
                continue;
            }
            compared++;
            ExpectedFile expected = Oracle.expected(
                    (table, reader) -> feed.rows().stream()
                            .filter(row -> row.table().name().equals(table))
                            .forEach(row -> reader.accept(row.columns())),
                    feed.oracleRules().get(),
                    TrickyFeed.BUSINESS_DATE);
            assertEquals(
                    new String(expected.csv(), StandardCharsets.UTF_8),
                    feed.csv(feed.file(feed.states())),
                    feed.title());
        }
        assertEquals(2, compared);
    }

    @Test
    void rulesThatHoldTheDeliveryAreCountedAndTheFileStaysAsItWouldBeSent() {
        TrickyFeed strict = TrickyPeople.feeds().stream()
                .filter(feed -> feed.title().equals("With strict rules"))
                .findFirst()
                .orElseThrow();
        PatronFile file = strict.file(strict.states());
        assertEquals(
                Map.of(Rule.MISSING_LAST_NAME, 2L, Rule.FORMULA_LIKE, 1L),
                file.layout().rules().holding(file.problems()));
        assertTrue(strict.csv(file).contains("'@lee"), strict.csv(file));
    }

    private static String page() {
        int people = TrickyPeople.feeds().stream()
                .mapToInt(feed -> feed.people().size())
                .sum();
        StringBuilder page = new StringBuilder("""
            # People: what each becomes, and why

            %d people whose rows in Aeries are tricky, and the row of `patrons.csv` that each becomes. A test writes this page; a second program (`sandbox.oracle`) works out the first and the third part.

            "In Aeries" names what differs from a usual row: `LN 'Lee'`, `FN 'Ann'`, `GN 'F'`, `GR 5`, `TG` blank, `ED 2026-08-12` for students, `LN 'Park'`, `FN 'Kim'`, `GN 'M'`, `PSC 10` for staff. School 40 is not in the feed, 999 is the inactive school. The day is 2026-11-24. "–" is no row. "Why" is blank for the usual reasons and columns.
            """.formatted(people));
        for (TrickyFeed feed : TrickyPeople.feeds()) {
            page.append("\n## ")
                    .append(feed.title())
                    .append("\n\n```yaml\n")
                    .append(feed.settings())
                    .append("```\n\n");
            page.append("| who | in Aeries | in the file | why |\n| --- | --- | --- | --- |\n");
            Map<String, PersonState> states = feed.states();
            PatronFile file = feed.file(states);
            Map<String, String> lines = feed.lines(file);
            for (TrickyFeed.Person person : feed.people()) {
                List<String> keys =
                        person.rows().stream().map(TrickyFeed::key).distinct().toList();
                page.append("| ")
                        .append(String.join(
                                " | ",
                                person.title(),
                                person.rows().stream()
                                        .map(row -> code(row.words()))
                                        .collect(Collectors.joining("<br>")),
                                keys.stream()
                                        .map(key -> lines.containsKey(key) ? code(lines.get(key)) : "–")
                                        .collect(Collectors.joining("<br>")),
                                keys.stream()
                                        .map(key -> why(feed, key, states, file))
                                        .distinct()
                                        .collect(Collectors.joining("<br>"))))
                        .append(" |\n");
            }
        }
        page.append("""

            ## Who is in

            `only` and `except` of a feed. All conditions of `only` must hold; one of `except` is enough. A condition about a field that only students have leaves staff alone, and the other way; write `STU.ID` or `STF.ID` for one of the two. Texts are compared without the blanks around them, capitals as they are; `""` is a blank. Here `optout.txt` holds 1001 and 1003.

            An enrollment that does not meet them does not count. Someone without one that does leaves the feed like any other leaver ([who has left](deliveries.md#who-has-left)), and is no problem in the report. Feeds of one `system`, and feeds with `primary-among`, choose the primary enrollment first and look at that one alone, so that a student is in one of them. Lists are read at start: restart every process after a change. Before it, `patronstream preview FEED --with changed.yaml` says who would come and leave, by the rows of the database. `explain` names the condition. A condition on a column that the database lacks is refused at start. One that is not captured yet empties nothing: all feeds stay as they are until the connector, started with the new configuration, has read the tables with it.

            """).append(WhoIsIn.table());
        return page.toString();
    }

    @Test
    void moreThanTwelveSelectionsAreShown() {
        assertTrue(WhoIsIn.count() > 12, WhoIsIn.count() + " selections");
    }

    private static String why(TrickyFeed feed, String key, Map<String, PersonState> states, PatronFile file) {
        PersonState state = states.get(key);
        if (state == null) {
            return "soft-deleted (DEL 1)";
        }
        PersonState usual = feed.usual(state.patron().getKind());
        List<String> reasons = new ArrayList<>();
        for (int i = 1; i < state.order().size(); i++) {
            reasons.add(state.order().get(i).getSchoolCode() + "/"
                    + state.order().get(i).getStudentNumber() + " comes later: " + state.whyAfter(i));
        }
        if (state.isIn()) {
            reasons.addAll(otherSources(state, usual, file));
        } else {
            reasons.add(state.reason().replaceFirst(", and the feed takes only .*", ""));
        }
        for (Problem problem : file.problems()) {
            if (problem.key().equals(key)) {
                reasons.add("`" + problem.rule().id() + "` (" + problem.field() + "): " + problem.done());
            }
        }
        boolean usualReason = state.reason().equals(usual.reason());
        return reasons.isEmpty() && !usualReason ? state.reason() : String.join("; ", reasons);
    }

    /** The changed columns whose values come from elsewhere than in the usual row. A site follows from the school. */
    private static List<String> otherSources(PersonState state, PersonState usual, PatronFile file) {
        RowExplanation row = file.explain(Patrons.entry(state.selection().feed(), state.patron()));
        RowExplanation usualRow = file.explain(Patrons.entry(usual.selection().feed(), usual.patron()));
        List<String> other = new ArrayList<>();
        for (int i = 0; row.sent() && i < row.values().size(); i++) {
            RowExplanation.Value value = row.values().get(i);
            RowExplanation.Value usualValue = usualRow.values().get(i);
            if (!value.text().equals(usualValue.text())
                    && !value.source().equals(usualValue.source())
                    && !value.source().startsWith("sites.")) {
                other.add(value.header() + (value.text().isEmpty() ? " blank" : "") + " from " + value.source());
            }
        }
        return other;
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }
}
