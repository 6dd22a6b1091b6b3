package dev.patronstream.cli.explain;

import static dev.patronstream.cli.explain.TrickyFeed.at;
import static dev.patronstream.cli.explain.TrickyFeed.row;

import dev.patronstream.cli.config.WrittenLayout;
import dev.patronstream.schemas.feed.FeedSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Selections as districts have them, each with people who are in the feed by them and people who are not. */
final class WhoIsIn {

    /** What {@code optout.txt} holds. */
    static final String LIST = "# asked by their parents\n1001\n\n1003\n";

    private static final String FEED = """
        feeds:
          destiny:
            schools: [10, 20]
            sites: {10: EAGLEHS, 20: EAGLEMS}
        """;

    private final List<Case> cases = new ArrayList<>();
    private int nextId = 1001;

    private record Case(String wish, List<String> keys, List<Rows> people) {}

    /** The rows of one person. */
    private record Rows(List<Map<String, @Nullable Object>> rows, boolean staff) {}

    private WhoIsIn() {
        add("a high school's grades", List.of("only: {grade: [9-12]}"), student("GR", 9), student("GR", 8), staff());
        add("kindergarten to fifth grade", List.of("only: {grade: [0-5]}"), student("GR", 0), student("GR", null));
        add("no preschool, no TK", List.of("except: {grade: [-2..-1]}"), student("GR", 0), student("GR", -1));
        add("fifth grade and the high school", List.of("only: {grade: [5, 9-12]}"), student("GR", 5), student("GR", 6));
        add(
                "no independent study",
                List.of("only: {STU.SP: {not: [2]}}"),
                student(),
                student("SP", " 1"),
                student("SP", "2"));
        add("two programs left out", List.of("except: {STU.SP: [2, Z]}"), student("SP", "z"), student("SP", "Z "));
        add(
                "of the staff the library's alone",
                List.of("only: {STF.TI: [Librarian, Library Tech]}"),
                student(),
                staff("TI", "Librarian"),
                staff("TI", "Custodian"),
                staff());
        add("of the staff teachers alone", List.of("only: {positionStatus: [T]}"), staff("PS", "T"), staff("PS", "A"));
        add("an opt-out", List.of("except: {STU.U1: [OPTOUT]}"), student("U1", "optout"), student("U1", "OPTOUT"));
        add("an opt-in", List.of("only: {STU.U1: [Y, YES]}"), student("U1", "Y"), student());
        listed();
        add("one member of the staff left out", List.of("except: {STF.ID: [5001]}"), staff(), staff("ID", 5001));
        add("one track", List.of("only: {track: [A]}"), student("TR", "A"), student("TR", "B"));
        add(
                "only with a login",
                List.of("except: {networkLogin: [\"\"]}"),
                student("NID", "alee"),
                student("NID", " "));
        add(
                "several conditions",
                List.of("only: {grade: [9-12], STU.SP: {not: [2]}}", "except: {STU.U1: [OPTOUT]}"),
                student("GR", 9),
                student("GR", 9, "SP", "2"),
                student("GR", 9, "U1", "OPTOUT"));
        add(
                "the enrollment that meets it counts",
                List.of("only: {grade: [9-12]}"),
                new Rows(List.of(at(20, "GR", 8), at(10, "GR", 9, "ED", "2026-08-01")), false),
                new Rows(List.of(at(20, "GR", 8), at(40, "GR", 9)), false));
    }

    /** Two of three are in the list. */
    private void listed() {
        nextId = 1001;
        add("a list of IDs", List.of("except: {STU.ID: {file: ./optout.txt}}"), student(), student(), student());
    }

    private void add(String wish, List<String> keys, Rows... people) {
        cases.add(new Case(wish, keys, List.of(people)));
    }

    private static Rows student(@Nullable Object... columns) {
        return new Rows(List.of(at(10, columns)), false);
    }

    private static Rows staff(@Nullable Object... columns) {
        return new Rows(List.of(row(columns)), true);
    }

    /** Returns the table of the page. */
    static String table() {
        StringBuilder table = new StringBuilder(
                "| a district wants | keys of the feed | in | not in, and why |\n" + "| --- | --- | --- | --- |\n");
        WhoIsIn all = new WhoIsIn();
        all.cases.forEach(each -> table.append(all.line(each)));
        return table.toString();
    }

    static int count() {
        return new WhoIsIn().cases.size();
    }

    private String line(Case each) {
        FeedSelection selection = selection(each.keys());
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        int number = 1;
        int id = each.wish().equals("a list of IDs") ? 1001 : nextId++;
        for (Rows person : each.people()) {
            List<SourceRow> rows = new ArrayList<>();
            for (Map<String, @Nullable Object> named : person.rows()) {
                Map<String, @Nullable Object> other = new LinkedHashMap<>(named);
                other.computeIfPresent("ED", (column, day) -> java.time.LocalDate.parse(day.toString()));
                int own = other.get("ID") instanceof Integer given ? given : id;
                other.remove("ID");
                rows.add(
                        person.staff()
                                ? SourceRow.staff(own, other)
                                : SourceRow.student(
                                        (Integer) Objects.requireNonNull(other.remove("SC")), number++, own, other));
            }
            id++;
            PersonState state = TrickyFeed.state(rows, selection).orElseThrow();
            String shown = rows.stream().map(row -> "`" + row.words() + "`").collect(Collectors.joining(" "));
            if (state.isIn()) {
                in.add(shown + (state.order().size() > 1 ? ": " + state.whyAfter(1) : ""));
            } else {
                out.add(shown + ": " + state.reason());
            }
        }
        nextId = id;
        return "| " + each.wish() + " | "
                + each.keys().stream().map(key -> "`" + key + "`").collect(Collectors.joining("<br>")) + " | "
                + String.join("<br>", in) + " | " + String.join("<br>", out) + " |\n";
    }

    private static FeedSelection selection(List<String> keys) {
        try {
            Path folder = Files.createTempDirectory("who");
            Files.writeString(folder.resolve("optout.txt"), LIST);
            return WrittenLayout.selection(
                    folder, FEED + keys.stream().map(key -> "    " + key + "\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
